using System.Text;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;

namespace NewLoom.Tests.Sockets;

public sealed class OutboxTests
{
    private static readonly EncodedFrame Message = EncodedFrame.Of(new ChatRemovedNotice(1));
    private static readonly EncodedFrame Typing = EncodedFrame.Of(new TypingNotice(1, "a", true));
    private static readonly StatsBody Counters = new(7, 0, 7, "00:00:07");
    private static readonly EncodedFrame Stats = EncodedFrame.Of(new ExecutionStatsNotice(1, Counters));
    private static readonly EncodedFrame Final =
        EncodedFrame.Of(new ExecutionStatsNotice(1, Counters) { IsFinal = true });
    private static readonly EncodedFrame Status = EncodedFrame.Of(new StatusUpdateNotice(1, "completed", default, 1));

    [Fact]
    public async Task Outbox_IsFull_WhenMoreBytesWaitThanMay()
    {
        var wire = new StuckWire();
        var outbox = new Outbox(3 * Message.Wire.Length, makesBatches: false);
        outbox.Attach(wire, Message);

        Assert.True(outbox.TrySend(Message));
        Assert.True(outbox.TrySend(Message));
        Assert.True(outbox.TrySend(Message));
        Assert.False(outbox.TrySend(Message));

        wire.Release();
        await outbox.Idle;
        Assert.Equal(4 * Message.Wire.Length, wire.ByteCount);
        Assert.True(outbox.TrySend(Message));
    }

    [Fact]
    public async Task Outbox_DropsStaleFramesFirst_WhenFull()
    {
        var wire = new StuckWire();
        var outbox = new Outbox(3 * Message.Wire.Length, makesBatches: false);
        outbox.Attach(wire, Message);
        Assert.True(outbox.TrySend(Typing));

        Assert.True(outbox.TrySend(Message));
        Assert.True(outbox.TrySend(Message));
        Assert.True(outbox.TrySend(Message));

        // Full again, now of frames that must not be lost: what may be lost is, what may not ends the socket.
        Assert.True(outbox.TrySend(Typing));
        Assert.False(outbox.TrySend(Message));
        wire.Release();
        await outbox.Idle;
        Assert.Equal(4 * Message.Wire.Length, wire.ByteCount);
    }

    [Fact]
    public async Task Outbox_DropsCountersFirst_ButNotTheFinalOnes()
    {
        var wire = new StuckWire();
        var outbox = new Outbox(3 * Final.Wire.Length, makesBatches: false);
        outbox.Attach(wire, Message);
        Assert.True(outbox.TrySend(Stats));
        Assert.True(outbox.TrySend(Final));
        Assert.True(outbox.TrySend(Stats));

        Assert.True(outbox.TrySend(Status));    // no room: what is not final is left out, and nothing else
        Assert.True(outbox.TrySend(Final));
        Assert.True(outbox.TrySend(Stats));
        Assert.False(outbox.TrySend(Final));
        wire.Release();
        await outbox.Idle;

        Assert.Equal(
            string.Concat(new[] { Message, Final, Status, Final }.Select(Text)), string.Concat(wire.Writes));
    }

    [Fact]
    public async Task Outbox_TakesOneFrameLargerThanItself_WhenNothingElseWaits()
    {
        var wire = new StuckWire();
        var outbox = new Outbox(10, makesBatches: false);
        outbox.Attach(wire, Message);

        Assert.True(outbox.TrySend(Message));
        Assert.False(outbox.TrySend(Message));
        wire.Release();
        await outbox.Idle;
    }

    [Fact]
    public async Task Outbox_WritesWaitingFramesAsOneBatch_WhenExtended()
    {
        var wire = new StuckWire();
        var outbox = new Outbox(1_000, makesBatches: true);
        outbox.Attach(wire, Message);
        outbox.TrySend(Message);
        outbox.TrySend(Typing);
        outbox.TrySend(EncodedFrame.Control([0x89, 0]));
        outbox.TrySend(Typing);

        wire.Release();
        await outbox.Idle;

        var (message, typing) = (Payload(Message), Payload(Typing));
        var batch = $$"""{"type":"batch","frames":[{{message}},{{typing}}]}""";
        Assert.Equal(
            [
                Encoding.UTF8.GetString(Message.Wire.Span),
                Encoding.UTF8.GetString([0x81, (byte)batch.Length]) + batch,
                Encoding.UTF8.GetString([0x89, 0]),
                Encoding.UTF8.GetString(Typing.Wire.Span),
            ],
            wire.Writes);
    }

    [Fact]
    public async Task WaitForRoom_Ends_WhenHalfOfTheQueueIsWritten()
    {
        var wire = new StuckWire();
        var outbox = new Outbox(2 * Message.Wire.Length, makesBatches: false);
        outbox.Attach(wire, Message);
        outbox.TrySend(Message);
        outbox.TrySend(Message);

        var room = outbox.WaitForRoomAsync(TestContext.Current.CancellationToken);
        Assert.False(room.IsCompleted);
        wire.Release();
        await room.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Outbox_KeepsOnlyTheLastPong_WhileNothingCanBeWritten()
    {
        var wire = new StuckWire();
        var outbox = new Outbox(2 * Message.Wire.Length, makesBatches: true);
        outbox.Attach(wire, Message);
        outbox.TrySend(Message);
        for (byte i = 0; i < 100; i++)
        {
            outbox.SendPong(EncodedFrame.Control([0x8A, 1, i]));
        }

        Assert.True(outbox.TrySend(Message));    // pongs take no room
        wire.Release();
        await outbox.Idle;

        Assert.Equal(Encoding.UTF8.GetString([0x8A, 1, 99]), wire.Writes[1]);
        Assert.Equal(3, wire.Writes.Count);
        outbox.SendPong(EncodedFrame.Control([0x8A, 1, 7]));
        Assert.Equal(Encoding.UTF8.GetString([0x8A, 1, 7]), wire.Writes[3]);
    }

    private static string Text(EncodedFrame frame) => Encoding.UTF8.GetString(frame.Wire.Span);

    private static string Payload(EncodedFrame frame) => Encoding.UTF8.GetString(frame.Payload.Span);

    /// <summary>A connection whose first write does not end until it is released.</summary>
    private sealed class StuckWire : IWire
    {
        private readonly TaskCompletionSource _released = new();

        public List<string> Writes { get; } = [];

        public int ByteCount { get; private set; }

        public void Release() => _released.SetResult();

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
        {
            Writes.Add(Encoding.UTF8.GetString(frames.Span));
            ByteCount += frames.Length;
            await _released.Task;
        }

        public void Abort()
        {
        }
    }
}
