using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using NewLoom.Gateway.Audience;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Users;

namespace NewLoom.Gateway.Sockets;

/// <summary>Opens chat sockets: who is it, what does it receive, then the first frame and the reading.</summary>
internal sealed partial class ChatEndpoint(
    Authenticator authenticator, IGrainFactory grains, GatewayIdentity gateway, SocketRegistry registry,
    InitialChats initialChats, ChatAudience audience, ChatFrames frames, IOptions<SocketLimitOptions> limits,
    TimeProvider time, ILogger<ChatEndpoint> logger)
{
    /// <summary>The subprotocol of the extended profile.</summary>
    public const string ExtendedProtocol = "newloom.v1";

    /// <summary>When a user with too many sockets may try another: about when a dead one is given up.</summary>
    private static readonly TimeSpan SocketRetryAfter = TimeSpan.FromSeconds(60);

    public async Task HandleAsync(HttpContext context)
    {
        var isExtended = context.WebSockets.WebSocketRequestedProtocols.Contains(ExtendedProtocol);
        var upgrade = (SocketUpgrade)context.Features.Get<IHttpUpgradeFeature>()!;
        try
        {
            await OpenAsync(context, upgrade, isExtended);
        }
        catch (Exception e) when (Faults.IsUnavailable(e) && upgrade.Stream is null)
        {
            Log.OpenFailed(logger, e);
            await RefuseAsync(context, upgrade, isExtended, Errors.Unavailable(Faults.RetryAfter), CloseCode.GoingAway);
        }
    }

    private async Task OpenAsync(HttpContext context, SocketUpgrade upgrade, bool isExtended)
    {
        var identity = await authenticator.AuthenticateAsync(context, context.RequestAborted);
        if (identity is null || !identity.Has(TokenScopes.Chat) || identity.User.Length == 0)
        {
            await RefuseAsync(context, upgrade, isExtended, Errors.AuthenticationFailed, CloseCode.Authentication);
            return;
        }

        if (ChatScope.Parse(context.Request.Query["chats"]) is not { } scope)
        {
            var error = Errors.InvalidFormat("chats must be 'none' or chat ids with commas between them");
            await RefuseAsync(context, upgrade, isExtended, error, CloseCode.Refused);
            return;
        }

        await using var socket = new ChatSocket(identity, isExtended, scope, limits.Value, time);
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

    private async Task ServeAsync(HttpContext context, SocketUpgrade upgrade, ChatSocket socket)
    {
        registry.Add(socket);

        // Before the upgrade is answered: to a client, open means that nothing sent from now on is missed.
        var chats = await initialChats.SubscribeAsync(socket, context.RequestAborted);
        using var webSocket = await AcceptAsync(context, socket.IsExtended);
        var welcome = socket.IsExtended
            ? EncodedFrame.Of(new WelcomeNotice(
                socket.User,
                socket.ConnectionId,
                (long)Heartbeats.PingInterval.TotalMilliseconds,
                socket.Identity.ExpiresAt,
                [.. chats.Select(chat => new WelcomeChat(chat.ChatId, chat.Name, chat.Seq, chat.ReadSeq))]))
            : null;
        socket.Attach(webSocket, upgrade.Stream!, welcome);
        await new SocketReader(webSocket, socket, frames).RunAsync();
    }

    private async Task LeaveAsync(ChatSocket socket, IUserSocketsGrain user)
    {
        registry.Remove(socket);
        audience.Forget(socket);
        try
        {
            await user.CloseAsync(gateway.Id, socket.ConnectionId);
            await frames.StopTypingAsync(socket);
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
        await using var socket = new ChatSocket(nobody, isExtended, ChatScope.None, limits.Value, time);
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
