using System.Net;
using Microsoft.Extensions.Options;
using NewLoom.Gateway.Api;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Limits;
using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Sockets;

/// <summary>Opens sockets: who is it, what does it receive, then the first frame and the reading.</summary>
internal sealed partial class SocketEndpoint(
    Authenticator authenticator, OriginRules origins, FrameAuthentication frameAuthentication, AddressLimits addresses,
    SecurityEvents events, SocketAdmission admission, FrameHandler frames, IOptions<SocketLimitOptions> limits,
    IOptions<AddressLimitOptions> addressLimits, TimeProvider time, ILogger<SocketEndpoint> logger)
{
    /// <summary>The subprotocol of the extended profile.</summary>
    public const string ExtendedProtocol = "newloom.v1";

    private readonly TimeSpan _authenticationTimeout = addressLimits.Value.AuthenticationTimeout;

    public async Task HandleAsync(HttpContext context, ISocketKind kind)
    {
        var address = context.Connection.RemoteIpAddress;
        if (addresses.FindBlock(address) is { } wait)
        {
            events.Refused(RefusalKind.AuthenticationThrottled, user: null, address);
            await Problems.Throttled(wait).ExecuteAsync(context);
            return;
        }

        if (!origins.AdmitsSocket(context))
        {
            await origins.Refuse(context).ExecuteAsync(context);
            return;
        }

        var isExtended = context.WebSockets.WebSocketRequestedProtocols.Contains(ExtendedProtocol);
        var scope = TopicScope.Parse(context.Request.Query[kind.ScopeParameter], kind.ScopeParameter);
        await using var socket = new ClientSocket(isExtended, scope, limits.Value, time) { Address = address };
        socket.Session = kind.NewSession(socket);
        var opening = new SocketOpening(context, socket, frames);
        try
        {
            await (isExtended && !authenticator.HasCredential(context)
                ? WaitForFirstFrameAsync(context, opening, socket)
                : OpenAsync(context, opening, socket));
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            NoteFailure(e);
            await opening.RefuseAsync(Refusal.Unavailable);
        }
        finally
        {
            if (socket.Identity != Identity.Nobody)
            {
                await admission.LeaveAsync(socket);
            }
        }
    }

    /// <summary>Opens a socket whose request holds a credential. To a client, open means that nothing sent from now on
    /// is missed, so the upgrade is answered last.</summary>
    private async Task OpenAsync(HttpContext context, SocketOpening opening, ClientSocket socket)
    {
        var identity = await authenticator.AuthenticateAsync(context, context.RequestAborted);
        if (identity is null || identity.User.Length == 0 || !socket.Session.Kind.Admits(identity))
        {
            if (authenticator.HasCredential(context))
            {
                addresses.CountFailure(socket.Address);
            }

            events.Refused(RefusalKind.AuthenticationFailed, identity?.User, socket.Address);
            await opening.RefuseAsync(Refusal.Authentication);
            return;
        }

        var (welcome, refusal) = await admission.EnterAsync(socket, identity, context.RequestAborted);
        if (refusal is not null)
        {
            await opening.RefuseAsync(refusal);
            return;
        }

        await opening.AcceptAsync(socket.IsExtended ? EncodedFrame.Of(welcome!) : null);
        await admission.StartAsync(socket);
        await opening.RunAsync();
    }

    /// <summary>Opens a socket that will say who it is in its first frame.</summary>
    private async Task WaitForFirstFrameAsync(HttpContext context, SocketOpening opening, ClientSocket socket)
    {
        var place = addresses.TryWait(socket.Address);
        if (place is null)
        {
            events.Refused(RefusalKind.UnauthenticatedSockets, user: null, socket.Address);
            await Problems.RateLimited(_authenticationTimeout).ExecuteAsync(context);
            return;
        }

        using (place)
        {
            using var first = new FirstFrame(
                _authenticationTimeout, time, frame => AdmitAsync(opening, socket, frame, place), () => GiveUp(socket));
            socket.FirstFrame = first;
            await opening.AcceptAsync(first: null);
            await opening.RunAsync();
        }
    }

    private async Task AdmitAsync(
        SocketOpening opening, ClientSocket socket, AuthenticateFrame? frame, IDisposable place)
    {
        socket.FirstFrame = null;
        try
        {
            var identity = await frameAuthentication.VerifyAsync(socket, frame);
            var (welcome, refusal) = identity is null
                ? (null, Refusal.Authentication)
                : await admission.EnterAsync(socket, identity, socket.Ending);
            if (refusal is not null)
            {
                await opening.RefuseAsync(refusal with { Error = refusal.Error with { RequestId = frame?.RequestId } });
                return;
            }

            place.Dispose();
            socket.Send(welcome!);
            socket.Send(AuthenticatedReply.To(socket, frame!.RequestId));
            await admission.StartAsync(socket);
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            NoteFailure(e);
            await opening.RefuseAsync(Refusal.Unavailable);
        }
    }

    private void NoteFailure(Exception e)
    {
        if (!Faults.IsKnown(e))
        {
            Log.OpenFailed(logger, e.Message);
        }
    }

    private void GiveUp(ClientSocket socket)
    {
        events.Refused(RefusalKind.AuthenticationTimeout, user: null, socket.Address);
        socket.Send(Errors.AuthenticationFailed);
        socket.Close(CloseCode.Authentication);
    }
}
