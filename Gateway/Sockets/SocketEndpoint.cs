using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Users;

namespace NewLoom.Gateway.Sockets;

/// <summary>Opens sockets: who is it, what does it receive, then the first frame and the reading.</summary>
internal sealed partial class SocketEndpoint(
    Authenticator authenticator, OriginRules origins, IGrainFactory grains, GatewayIdentity gateway, SocketRegistry registry,
    FrameHandler frames, IOptions<SocketLimitOptions> limits,
    TimeProvider time, ILogger<SocketEndpoint> logger)
{
    /// <summary>The subprotocol of the extended profile.</summary>
    public const string ExtendedProtocol = "newloom.v1";

    /// <summary>When a user with too many sockets may try another: about when a dead one is given up.</summary>
    private static readonly TimeSpan SocketRetryAfter = TimeSpan.FromSeconds(60);

    public async Task HandleAsync(HttpContext context, ISocketKind kind)
    {
        var isExtended = context.WebSockets.WebSocketRequestedProtocols.Contains(ExtendedProtocol);
        var upgrade = (SocketUpgrade)context.Features.Get<IHttpUpgradeFeature>()!;
        try
        {
            await OpenAsync(context, upgrade, kind, isExtended);
        }
        catch (Exception e) when (Faults.IsUnavailable(e) && upgrade.Stream is null)
        {
            Log.OpenFailed(logger, e);
            await RefuseAsync(context, upgrade, isExtended, Errors.Unavailable(Faults.RetryAfter), CloseCode.GoingAway);
        }
    }

    private async Task OpenAsync(
        HttpContext context, SocketUpgrade upgrade, ISocketKind kind, bool isExtended)
    {
        if (!origins.AdmitsSocket(context))
        {
            await origins.Refuse(context).ExecuteAsync(context);
            return;
        }

        var identity = await authenticator.AuthenticateAsync(context, context.RequestAborted);
        if (identity is null || !kind.Admits(identity) || identity.User.Length == 0)
        {
            await RefuseAsync(context, upgrade, isExtended, Errors.AuthenticationFailed, CloseCode.Authentication);
            return;
        }

        if (TopicScope.Parse(context.Request.Query[kind.ScopeParameter], kind.ScopeParameter) is not { } scope)
        {
            var error = Errors.InvalidFormat($"{kind.ScopeParameter} must be 'none' or ids with commas between them");
            await RefuseAsync(context, upgrade, isExtended, error, CloseCode.Refused);
            return;
        }

        await using var socket = new ClientSocket(identity, isExtended, scope, limits.Value, time);
        socket.Session = kind.NewSession(socket);
        var user = grains.GetGrain<IUserSocketsGrain>(UserKeys.ForUser(socket.User));
        try
        {
            if (await user.OpenAsync(gateway.Id, socket.ConnectionId, context.RequestAborted))
            {
                await ServeAsync(context, upgrade, socket);
                return;
            }

            var error = Errors.RateLimited(SocketRetryAfter) with { Detail = "too many open sockets" };
            await RefuseAsync(context, upgrade, isExtended, error, CloseCode.TooMany);
        }
        finally
        {
            // Also after a call that failed: the user's grain may have counted the socket all the same.
            await LeaveAsync(socket, user);
        }
    }

    private async Task ServeAsync(HttpContext context, SocketUpgrade upgrade, ClientSocket socket)
    {
        registry.Add(socket);
        var welcome = await socket.Session.OpenAsync(context.RequestAborted);
        using var webSocket = await AcceptAsync(context, socket.IsExtended);
        socket.Attach(webSocket, upgrade.Stream!, socket.IsExtended ? EncodedFrame.Of(welcome) : null);
        await StartAsync(socket);
        await new SocketReader(webSocket, socket, frames).RunAsync();
    }

    private async Task StartAsync(ClientSocket socket)
    {
        try
        {
            await socket.Session.StartAsync(socket.Ending);
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            Log.OpenFailed(logger, e);
            socket.Close(CloseCode.GoingAway);
        }
        catch (OperationCanceledException) when (socket.IsClosing)
        {
            // The client did not wait for all that it receives.
        }
    }

    private async Task LeaveAsync(ClientSocket socket, IUserSocketsGrain user)
    {
        registry.Remove(socket);
        socket.Session.Forget();
        try
        {
            await Task.WhenAll(user.CloseAsync(gateway.Id, socket.ConnectionId), socket.Session.EndAsync());
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            Log.CloseNotTold(logger, socket.ConnectionId, e.Message);
        }
    }

    private async Task RefuseAsync(
        HttpContext context, SocketUpgrade upgrade, bool isExtended, ErrorNotice error, CloseCode code)
    {
        var nobody = new Identity(User: "", ExpiresAt: null, Scopes: []);
        await using var socket = new ClientSocket(nobody, isExtended, TopicScope.None, limits.Value, time);
        using var webSocket = await AcceptAsync(context, isExtended);
        socket.Attach(webSocket, upgrade.Stream!, EncodedFrame.Of(error));
        socket.Close(code);
        await new SocketReader(webSocket, socket, frames).RunAsync();
    }

    private static Task<WebSocket> AcceptAsync(HttpContext context, bool isExtended) =>
        context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = isExtended ? ExtendedProtocol : null,
            KeepAliveInterval = Timeout.InfiniteTimeSpan,    // Heartbeats sends pings, and sees their answers
        });
}
