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
    SecurityEvents events, SocketAdmission admission, SocketRegistry registry, FrameHandler frames, IOptions<SocketLimitOptions> limits,
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
            NoteFailure(e, socket);
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
        var since = time.GetTimestamp();
        var identity = await authenticator.AuthenticateAsync(context, context.RequestAborted);
        if (identity == Identity.Nobody && socket.IsExtended)
        {
            await WaitForFirstFrameAsync(context, opening, socket);
            return;
        }

        if (identity is null || identity.User.Length == 0 || !socket.Session.Kind.Admits(identity))
        {
            await RefuseAsync(context, opening, socket, identity);
            return;
        }

        var (welcome, refusal) = await admission.EnterAsync(socket, identity, since, context.RequestAborted);
        if (refusal is not null)
        {
            await opening.RefuseAsync(refusal);
            return;
        }

        await opening.AcceptAsync(socket.IsExtended ? EncodedFrame.Of(welcome!) : null);
        await admission.StartAsync(socket);
        await opening.RunAsync();
    }

    /// <summary>Tells a socket that it is not let in. One without any credential takes a place until it has gone, as if it
    /// waited: it costs as much.</summary>
    private async Task RefuseAsync(
        HttpContext context, SocketOpening opening, ClientSocket socket, Identity? identity)
    {
        if (identity != Identity.Nobody && authenticator.HasCredential(context))
        {
            addresses.CountFailure(socket.Address);
            events.Refused(RefusalKind.AuthenticationFailed, identity?.User, socket.Address);
            await opening.RefuseAsync(Refusal.Authentication);
            return;
        }

        using var place = addresses.TryWait(socket.Address);
        if (place is null)
        {
            await RefusePlaceAsync(context, socket);
            return;
        }

        events.Refused(RefusalKind.AuthenticationFailed, user: null, socket.Address);
        await opening.RefuseAsync(Refusal.Authentication);
    }

    private async Task RefusePlaceAsync(HttpContext context, ClientSocket socket)
    {
        events.Refused(RefusalKind.UnauthenticatedSockets, user: null, socket.Address);
        await Problems.RateLimited(_authenticationTimeout).ExecuteAsync(context);
    }

    /// <summary>Opens a socket that will say who it is in its first frame.</summary>
    private async Task WaitForFirstFrameAsync(HttpContext context, SocketOpening opening, ClientSocket socket)
    {
        var place = addresses.TryWait(socket.Address);
        if (place is null)
        {
            await RefusePlaceAsync(context, socket);
            return;
        }

        using (place)
        using (registry.Wait(socket))
        {
            using var first = new FirstFrame(
                _authenticationTimeout, time, frame => AdmitAsync(opening, socket, frame, place), () => GiveUp(socket));
            (socket.FirstFrame, socket.Events) = (first, events);
            await opening.AcceptAsync(first: null);
            await opening.RunAsync();
        }
    }

    private async Task AdmitAsync(
        SocketOpening opening, ClientSocket socket, AuthenticateFrame? frame, IDisposable place)
    {
        (socket.FirstFrame, socket.Events) = (null, null);    // why it is not let in is said where that is found out
        try
        {
            var (welcome, refusal) = await EnterAsync(socket, frame);
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
            NoteFailure(e, socket);
            await opening.RefuseAsync(Refusal.Unavailable);
        }
    }

    private async Task<(WelcomeNotice? Welcome, Refusal? Refusal)> EnterAsync(
        ClientSocket socket, AuthenticateFrame? frame)
    {
        if (frameAuthentication.FindBlock(socket) is { } wait)
        {
            events.Refused(RefusalKind.AuthenticationThrottled, user: null, socket.Address);
            return (null, new Refusal(Errors.RateLimited(wait), CloseCode.TooMany));
        }

        var since = time.GetTimestamp();
        var identity = await frameAuthentication.VerifyAsync(socket, frame);
        return identity is null
            ? (null, Refusal.Authentication)
            : await admission.EnterAsync(socket, identity, since, socket.Ending);
    }

    private void NoteFailure(Exception e, ClientSocket socket)
    {
        addresses.CountGuess(e, socket.Address);
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
