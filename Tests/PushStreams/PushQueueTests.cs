using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NewLoom.PushStreams;
using Orleans.Runtime;
using Orleans.Streams;

namespace NewLoom.Tests.PushStreams;

public sealed class PushQueueTests
{
    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    private readonly FakeTimeProvider _time = new();
    private readonly PushStreamOptions _options = new() { BacklogCount = 4, StreamCount = 2 };
    private readonly PushQueue _queue;
    private readonly StreamId _stream = StreamId.Create("test", "one");

    public PushQueueTests() => _queue = new("push", _options, _time, NullLogger<PushQueue>.Instance);

    [Fact]
    public async Task Read_WaitsWithoutWaking_UntilAnEventComes()
    {
        var read = ReadAsync();
        _time.Advance(_options.IdleLimit - Instant);
        Assert.False(read.IsCompleted);
        Assert.Equal(0, _queue.ReadCount);

        Append(1);

        Assert.Equal(_stream, Assert.Single(await read).StreamId);
        Assert.Equal(1, _queue.ReadCount);
    }

    [Fact]
    public async Task Read_EndsEmpty_AtTheIdleLimit()
    {
        var read = ReadAsync();

        _time.Advance(_options.IdleLimit);

        Assert.Empty(await read);
    }

    [Fact]
    public async Task Read_EndsEmpty_WhenCancelled()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var read = _queue.ReadAsync(cancellation.Token);

        await cancellation.CancelAsync();

        Assert.Empty(await read);
    }

    [Fact]
    public async Task Read_IsNotWoken_WhileADeliveryIsUnderWay()
    {
        using var cursor = _queue.AddCursor(_stream, from: null);
        Append(1);
        await ReadAsync();
        Assert.Equal([1], Take(cursor));
        var read = ReadAsync();

        Append(2, 3);
        Assert.False(read.IsCompleted);
        Assert.Equal([2, 3], Take(cursor));
        Assert.Empty(Take(cursor));
        Append(4);

        Assert.Single(await read);
    }

    [Fact]
    public void Overflow_KeepsTheNewest_AndSaysResynchronise()
    {
        using var slow = _queue.AddCursor(_stream, from: null);
        using var quick = _queue.AddCursor(_stream, from: null);
        Append(1, 2, 3, 4);
        Take(quick);

        Append(5);

        Assert.Equal([5], Take(quick));
        Assert.False(Token(quick).Resynchronise);
        Assert.Equal([5], Take(slow));
        Assert.True(Token(slow).Resynchronise);
        Append(6);
        Assert.Equal([6], Take(slow));
        Assert.False(Token(slow).Resynchronise);
    }

    [Fact]
    public void GivenUpDelivery_SaysResynchronise_WithTheNextEvent()
    {
        using var cursor = _queue.AddCursor(_stream, from: null);
        Append(1);
        Take(cursor);

        cursor.RecordDeliveryFailure();
        Append(2);

        Assert.Equal([2], Take(cursor));
        Assert.True(Token(cursor).Resynchronise);
    }

    [Fact]
    public async Task LateSubscriber_HearsWhatTheAgentWasToldOf()
    {
        Append(1, 2);
        var token = Assert.Single(await ReadAsync()).SequenceToken;
        Append(3);

        using var cursor = _queue.AddCursor(_stream, token.SequenceNumber);

        Assert.Equal([1, 2, 3], Take(cursor));
    }

    [Fact]
    public async Task UnclaimedEvents_AreDropped_AfterTheIdleLimit()
    {
        Append(1);
        await ReadAsync();

        _time.Advance(_options.IdleLimit);
        _queue.Tidy();
        Assert.Equal((1, 1), _queue.Count());
        _time.Advance(_options.IdleLimit);
        _queue.Tidy();

        Assert.Equal((0, 0), _queue.Count());
    }

    [Fact]
    public async Task LastSubscriber_FreesTheBacklog_WhenItGoes()
    {
        var cursor = _queue.AddCursor(_stream, from: null);
        Append(1, 2);
        await ReadAsync();

        cursor.Dispose();

        Assert.Equal((0, 0), _queue.Count());
    }

    [Fact]
    public void OneStreamTooMany_IsRefused_WithTheLimit()
    {
        Append(1);
        _queue.Append(StreamId.Create("test", "two"), [1]);

        var refusal = Assert.Throws<InvalidOperationException>(
            () => _queue.Append(StreamId.Create("test", "three"), [1]));

        Assert.Contains("StreamCount is 2", refusal.Message, StringComparison.Ordinal);
        Append(2);
    }

    private Task<IList<IBatchContainer>> ReadAsync() => _queue.ReadAsync(TestContext.Current.CancellationToken);

    private void Append(params int[] events) => _queue.Append(_stream, events.Select(e => (object)e).ToArray());

    private static int[] Take(BacklogCursor cursor) =>
        cursor.MoveNext() ? cursor.GetCurrent(out _)!.GetEvents<int>().Select(e => e.Item1).ToArray() : [];

    private static PushStreamToken Token(BacklogCursor cursor) =>
        (PushStreamToken)cursor.GetCurrent(out _)!.SequenceToken;
}
