using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Sockets;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

public sealed class HeartbeatsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task SilentSocket_IsPinged_ThenClosedWith4408()
    {
        var ct = TestContext.Current.CancellationToken;
        var time = new ArmedTime();
        var (registry, sent) = (new SocketRegistry(), new Pipe());
        var stream = new SocketStream(sent.Writer.AsStream(), time);
        using var webSocket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        var socket = new ClientSocket(isExtended: false, TopicScope.All, new SocketLimitOptions(), time)
        {
            Identity = new Identity("alice", ExpiresAt: null, Scopes: []),
        };
        socket.Attach(webSocket, stream, first: null);
        registry.Add(socket);
        using var heartbeats = new Heartbeats(registry, time);
        await heartbeats.StartAsync(ct);
        await time.WaitForTimersAsync(1, ct);

        time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal([0x89, 0x00], await ReadAsync(sent, 2));
        time.Advance(TimeSpan.FromSeconds(36));

        var reason = Encoding.UTF8.GetBytes("connection_error");
        byte[] close = [0x88, (byte)(2 + reason.Length), 0x11, 0x38, .. reason];
        Assert.Equal(close, await ReadAsync(sent, close.Length));
        Assert.True(socket.IsClosing);
        await heartbeats.StopAsync(ct);
        await socket.DisposeAsync();
    }

    private static async Task<byte[]> ReadAsync(Pipe pipe, int count)
    {
        var bytes = new byte[count];
        await pipe.Reader.AsStream(leaveOpen: true)
            .ReadExactlyAsync(bytes, TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit);
        return bytes;
    }
}
