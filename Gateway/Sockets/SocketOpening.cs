using System.Diagnostics;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Features;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>The upgrade of one request: answered once, with what the socket is told first.</summary>
internal sealed class SocketOpening(HttpContext context, ClientSocket socket, FrameHandler frames)
{
    private readonly SocketUpgrade _upgrade = (SocketUpgrade)context.Features.Get<IHttpUpgradeFeature>()!;
    private WebSocket? _webSocket;

    /// <summary>Answers the upgrade; the socket can speak then.</summary>
    public async Task AcceptAsync(EncodedFrame? first)
    {
        _webSocket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = socket.IsExtended ? SocketEndpoint.ExtendedProtocol : null,
            KeepAliveInterval = Timeout.InfiniteTimeSpan,    // Heartbeats sends pings, and sees their answers
        });
        socket.Attach(_webSocket, _upgrade.Stream!, first);
    }

    /// <summary>Reads the socket until it ends.</summary>
    public async Task RunAsync()
    {
        Activity.Current = null;    // the request's trace would go on for days: each frame begins one of its own
        await new SocketReader(_webSocket!, socket, frames).RunAsync();
    }

    /// <summary>Says why the socket is not let in, and closes it; answers the upgrade first, if need be.</summary>
    public async Task RefuseAsync(Refusal refusal)
    {
        if (_webSocket is not null)
        {
            socket.Send(refusal.Error);
            socket.Close(refusal.Code);
            return;    // its reader is running
        }

        await AcceptAsync(EncodedFrame.Of(refusal.Error));
        socket.Close(refusal.Code);
        await RunAsync();
    }
}
