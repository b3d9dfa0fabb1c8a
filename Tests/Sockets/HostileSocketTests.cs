using System.Text;
using NewLoom.Bench.Sockets;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

/// <summary>Clients that break the rules of WebSocket, or keep them to the letter only.</summary>
[Collection(SharedService.Name)]
public sealed class HostileSocketTests(ServiceFixture fixture) : IAsyncLifetime
{
    private const int FrameBytesMax = 64 * 1_024;
    private const string Heartbeat = """{"type":"heartbeat","request_id":"r"}""";

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(30));
    private RawSocket? _socket;

    private RawSocket Socket => _socket!;

    public async ValueTask InitializeAsync()
    {
        var alice = await fixture.World.UserAsync();
        _socket = await RawSocket.OpenAsync(fixture.Service.HttpUri, $"/ws/chat/?token={alice.Token}", _limit.Token);
    }

    public ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(FrameBytesMax, 64)]
    [InlineData(FrameBytesMax, 16_384)]
    [InlineData(4_000, 1)]
    [InlineData(100, 1)]
    public async Task Frame_IsTaken_InPiecesThatAnHonestClientMaySend(int frameBytes, int pieceBytes)
    {
        await Socket.SendAsync(RawFrames.InPieces(Opcode.Text, Padded(frameBytes), pieceBytes), _limit.Token);

        Assert.Contains("\"request_id\":\"r\"", Encoding.UTF8.GetString((await Socket.ReceiveAsync(_limit.Token))!));
    }

    [Fact]
    public async Task Socket_IsClosedWith1009_WhenALargeFrameComesByteByByte()
    {
        await SendUntilClosedAsync(RawFrames.InPieces(Opcode.Text, Padded(FrameBytesMax), pieceBytes: 1));

        Assert.Equal(1009, Socket.CloseCode);
    }

    [Fact]
    public async Task Socket_IsClosedWith1009_WhenEmptyPiecesNeverEnd()
    {
        await Socket.SendAsync(RawFrames.Of(Opcode.Text, "{"u8, isFinal: false), _limit.Token);
        await SendUntilClosedAsync(RawFrames.Repeat(RawFrames.Of(Opcode.Continuation, [], isFinal: false), 100_000));

        Assert.Equal(1009, Socket.CloseCode);
    }

    [Fact]
    public async Task Pings_AreAnsweredByAtMostOnePongEach_AndDoNotStopTheSocket()
    {
        const int PingCount = 250;    // more than are read within a second
        await Socket.SendAsync(RawFrames.Repeat(RawFrames.Of(Opcode.Ping, "p"u8), PingCount), _limit.Token);
        await Socket.SendAsync(RawFrames.Repeat(RawFrames.Of(Opcode.Pong, "q"u8), 10_000), _limit.Token);
        await Socket.SendAsync(RawFrames.Of(Opcode.Text, Encoding.UTF8.GetBytes(Heartbeat)), _limit.Token);

        var pongCount = 0;
        var frame = await Socket.ReceiveAsync(_limit.Token);
        for (; frame is [(byte)'p']; frame = await Socket.ReceiveAsync(_limit.Token))
        {
            pongCount++;
        }

        Assert.InRange(pongCount, 1, PingCount);
        Assert.Contains("heartbeat", Encoding.UTF8.GetString(frame!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x01, 0x7b, 0x81, 0x01, 0x7b }, "an unmasked frame")]
    [InlineData(new byte[] { 0x83, 0x80, 0, 0, 0, 0 }, "an unknown opcode")]
    [InlineData(new byte[] { 0xC1, 0x80, 0, 0, 0, 0 }, "a reserved bit")]
    [InlineData(new byte[] { 0x80, 0x80, 0, 0, 0, 0 }, "a continuation of nothing")]
    [InlineData(new byte[] { 0x09, 0x80, 0, 0, 0, 0 }, "a ping in pieces")]
    [InlineData(new byte[] { 0x89, 0xFE, 0, 126, 0, 0, 0, 0 }, "a ping of 126 bytes")]
    [InlineData(new byte[] { 0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "a negative length")]
    [InlineData(new byte[] { 0x88, 0x81, 0, 0, 0, 0, 0x03 }, "a close with half a code")]
    [InlineData(new byte[] { 0x88, 0x82, 0, 0, 0, 0, 0x00, 0x01 }, "a close with a code below 1000")]
    [InlineData(new byte[] { 0x81, 0x81, 0, 0, 0, 0, 0xFF }, "text that is not UTF-8")]
    public async Task Connection_Ends_WhenAFrameBreaksTheRules(byte[] bytes, string rule)
    {
        await SendUntilClosedAsync(bytes);

        Assert.True(Socket.CloseCode is null or 1002 or 1007, $"{rule}: {Socket.CloseCode}");
    }

    [Fact]
    public async Task Connection_Ends_WhenTheClientSaysMoreAfterItsCloseFrame()
    {
        var close = RawFrames.Of(Opcode.Close, [0x03, 0xE8]);
        byte[] bytes =
        [
            .. close, .. RawFrames.Of(Opcode.Text, Encoding.UTF8.GetBytes(Heartbeat)), .. RawFrames.Repeat(close, 100),
        ];

        await SendUntilClosedAsync(bytes);

        Assert.Equal(1000, Socket.CloseCode);
    }

    /// <summary>Sends and reads at once, as the server may close before it has taken all.</summary>
    private async Task SendUntilClosedAsync(byte[] bytes)
    {
        var sending = Socket.SendAsync(bytes, _limit.Token);
        await Socket.DrainAsync(_limit.Token);
        _socket!.Dispose();
        await Record.ExceptionAsync(() => sending);
    }

    private static byte[] Padded(int bytes) => Encoding.UTF8.GetBytes(Heartbeat.PadRight(bytes));
}
