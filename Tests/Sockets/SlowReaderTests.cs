using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

[Collection(LooseService.Name)]
public sealed class SlowReaderTests(LooseServiceFixture fixture)
{
    // 48 kB a frame: more in all than the system's buffers of one connection hold (Linux: at most 4 MiB to send), but
    // few enough at a time for those who read.
    private const int MessageCount = 200;
    private const int MessagesAtATime = 10;
    private static readonly string Big = string.Concat(Enumerable.Repeat("😀", 4_000));

    [Fact]
    public async Task SlowReader_IsClosedWith4508_AndHindersNobody()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        using var slow = await OpenWithSmallBufferAsync(room.BobUser.Token);

        for (var seq = 1; seq <= MessageCount; seq++)
        {
            await room.Alice.SendAsync(ClientFrames.Message(room.ChatId, Big));
            if (seq % MessagesAtATime == 0)
            {
                await AssertReceivedAsync(room.Alice, seq);
                await AssertReceivedAsync(room.Bob, seq);
            }
        }

        var (code, frameCount) = await ReadToEndAsync(slow);
        Assert.Equal((4508, "unavailable"), code);
        Assert.InRange(frameCount, 1, MessageCount - 1);
    }

    private static async Task AssertReceivedAsync(TestSocket socket, int lastSeq)
    {
        for (var seq = lastSeq - MessagesAtATime + 1; seq <= lastSeq; seq++)
        {
            Assert.Equal(seq, (await socket.NextAsync("message")).Get<long>("message.seq"));
        }
    }

    /// <summary>A socket that reads nothing, and whose system takes little for it.</summary>
    private async Task<WebSocket> OpenWithSmallBufferAsync(string token)
    {
        var socket = new ClientWebSocket();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (context, ct) =>
            {
                var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4 * 1_024 };
                await tcp.ConnectAsync(new IPEndPoint(IPAddress.Loopback, fixture.Service.Port), ct);
                return new NetworkStream(tcp, ownsSocket: true);
            },
        });
        await socket.ConnectAsync(
            new Uri($"ws://127.0.0.1:{fixture.Service.Port}/ws/chat/?token={token}"), http,
            TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<((int?, string?) Code, int FrameCount)> ReadToEndAsync(WebSocket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[64 * 1_024];
        for (var count = 0; ;)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return (((int?)socket.CloseStatus, socket.CloseStatusDescription), count);
            }

            count += part.EndOfMessage ? 1 : 0;
        }
    }
}
