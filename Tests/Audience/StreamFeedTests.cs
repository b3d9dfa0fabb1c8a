using System.Collections.Immutable;
using NewLoom.Gateway.Audience;
using NewLoom.Gateway.Streams;
using NewLoom.Gateways;
using NewLoom.Streams;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Audience;

/// <summary>One stream on a gateway, with events that are lost, late or told twice.</summary>
public sealed class StreamFeedTests
{
    private const long StreamId = 7;

    private readonly WireRecorder _alice = new("alice");
    private readonly WireRecorder _bob = new("bob");
    private readonly Guid _epoch = Guid.NewGuid();
    private readonly StreamFeed _feed;
    private int _repairCount;

    public StreamFeedTests() => _feed = new StreamFeed(StreamId, _ =>
    {
        _repairCount++;
        return Task.CompletedTask;
    });

    [Fact]
    public void Events_ArePassedOnOnce_InOrder()
    {
        Add(_alice, Snapshot(0));

        _feed.Take(Status(1, StreamStatus.Running));
        _feed.Take(Stats(1, processed: 5));
        _feed.Take(Error(2));
        _feed.Take(Error(2));
        _feed.Take(Status(1, StreamStatus.Running));
        _feed.Take(Status(3, StreamStatus.Failed, final: 6));

        Assert.Equal(["running", "5", "error 2", "6", "failed"], Seen(_alice));
        Assert.Equal(0, _repairCount);
    }

    [Fact]
    public void Snapshot_ComesFirst_AndOnlyNewerEventsFollow()
    {
        Add(_alice, Snapshot(0));
        _feed.Take(Status(1, StreamStatus.Running));
        _feed.Take(Stats(1, processed: 5));

        Add(_bob, Snapshot(1), greets: true);    // asked before the counters were told
        _feed.Take(Status(1, StreamStatus.Running));
        _feed.Take(Stats(1, processed: 5));
        _feed.Take(Stats(1, processed: 6));
        _feed.Take(Error(2));

        Assert.Equal(["snapshot 1: 5", "6", "error 2"], Seen(_bob));
    }

    [Fact]
    public void Snapshot_IsAsLateAsTheFeed_WhenTheStreamsAnswerWasOnItsWay()
    {
        Add(_alice, Snapshot(0));
        _feed.Take(Status(1, StreamStatus.Running));
        _feed.Take(Error(2));

        Add(_bob, Snapshot(0), greets: true);
        _feed.Take(Error(3));

        Assert.Equal(["snapshot 2: 0", "error 3"], Seen(_bob));
    }

    [Fact]
    public void Snapshot_HasTheLastErrorsOnly()
    {
        Add(_alice, Snapshot(0));
        for (var seq = 1; seq <= StreamSnapshot.ErrorCountMax + 1; seq++)
        {
            _feed.Take(Error(seq));
        }

        Add(_bob, Snapshot(0), greets: true);

        var errors = _bob.Frames.Single()["errors"]!.AsArray();
        Assert.Equal(StreamSnapshot.ErrorCountMax, errors.Count);
        Assert.Equal("error 2", errors[0]!.Get<string>("message"));
    }

    [Fact]
    public void Gap_IsRepaired_BeforeLaterEventsArePassedOn()
    {
        Add(_alice, Snapshot(0));

        _feed.Take(Error(2));
        _feed.Take(Stats(2, processed: 5));
        Assert.Empty(_alice.Frames);
        Assert.Equal(1, _repairCount);
        Assert.False(_feed.TryEndRepair(At(0)));    // nothing was found: the topic is to be asked again
        Assert.Equal(1, _repairCount);
        Assert.Empty(_alice.Frames);
    }

    [Fact]
    public void NextExecution_BeginsWithFreshCounters()
    {
        Add(_alice, Snapshot(0));
        _feed.Take(Status(1, StreamStatus.Running));
        _feed.Take(Stats(1, processed: 50));
        _feed.Take(Status(2, StreamStatus.Completed, final: 50));
        _feed.Take(Status(3, StreamStatus.Running, execution: 2));
        _feed.Take(Stats(3, processed: 99));    // a late word about the first execution
        _feed.Take(Stats(3, processed: 1, execution: 2));
        Add(_bob, Snapshot(0), greets: true);

        Assert.Equal(["running", "50", "50", "completed", "running", "1"], Seen(_alice));
        Assert.Equal(["snapshot 3: 1"], Seen(_bob));
        Assert.Equal(2, _bob.Frames[0].Get<int>("execution"));
    }

    [Fact]
    public void Counters_DoNotFall_WhenTheStreamHasForgottenTheLast()
    {
        Add(_alice, Snapshot(0));
        _feed.Take(Status(1, StreamStatus.Running));
        _feed.Take(Stats(1, processed: 13));

        _feed.Take(Stats(1, processed: 11));    // from a new activation, which knows what was stored
        _feed.Take(Stats(1, processed: 14));

        Assert.Equal(["running", "13", "14"], Seen(_alice));
    }

    [Fact]
    public void Counters_AreToldOnceMore_BeforeATerminalStatusAlone()
    {
        Add(_alice, Snapshot(0));
        _feed.Take(Status(1, StreamStatus.Running));

        _feed.Take(Stats(1, processed: 5));
        _feed.Take(Stats(1, processed: 5));
        _feed.Take(Status(2, StreamStatus.Completed, final: 5));

        // A slow reader's outbox may have left out the ones before.
        Assert.Equal(["running", "5", "5", "completed"], Seen(_alice));
    }

    [Fact]
    public void RemovedViewer_GetsNothingMore_AndIsToldSo_WhenItsClientIsExtended()
    {
        var extended = new WireRecorder("bob", isExtended: true);
        Add(_alice, Snapshot(0));
        Add(_bob, Snapshot(0));
        Add(extended, Snapshot(0));

        _feed.Take(Status(1, StreamStatus.Running));
        _feed.Take(
            new ViewerRemoved { TopicId = StreamId, Position = At(1, removals: 1), Execution = 1, User = "bob" });
        _feed.Take(Error(2) with { Position = At(2, removals: 1) });

        Assert.Equal(["running", "error 2"], Seen(_alice));
        Assert.Equal(["running"], Seen(_bob));
        Assert.Equal(["running", "unsubscribed"], Seen(extended));
        Assert.False(_feed.TryAdd(_bob.Socket, Joined(Snapshot(1)), greets: false, requestId: null));
    }

    [Fact]
    public void Viewer_IsToldOfItsEnd_WhenARepairFindsIt_OrAnotherSubscription()
    {
        var repaired = new WireRecorder("bob", isExtended: true);
        var refused = new WireRecorder("bob", isExtended: true);
        Add(_alice, Snapshot(0));
        Add(refused, Snapshot(0));

        _feed.Expel(refused.Socket);
        Add(repaired, Snapshot(0));
        _feed.Confirm(["alice", "bob"], new RejoinResult { Strangers = ["bob"], Position = At(0, removals: 1) });

        Assert.Equal(["unsubscribed"], Seen(refused));
        Assert.Equal(["unsubscribed"], Seen(repaired));
        Assert.Empty(_alice.Frames);
    }

    private static IEnumerable<string> Seen(WireRecorder wire) => wire.Frames.Select(frame =>
        frame.Get<string>("type") switch
        {
            "status_update" => frame.Get<string>("status"),
            "execution_stats" => $"{frame.Get<long>("stats.processed_count")}",
            "error" => frame.Get<string>("error.message"),
            "snapshot" => $"snapshot {frame.Get<long>("version")}: {frame.Get<long>("stats.processed_count")}",
            var other => other,
        });

    private void Add(WireRecorder wire, StreamSnapshot said, bool greets = false) =>
        Assert.True(_feed.TryAdd(wire.Socket, Joined(said), greets, requestId: null));

    private StreamJoinResult Joined(StreamSnapshot said) => new() { Stream = said, Position = At(said.Version) };

    private TopicPosition At(long seq, int removals = 0) =>
        new() { Epoch = _epoch, LastSeq = seq, RemovalCount = removals };

    private StatusChanged Status(long seq, StreamStatus status, long? final = null, int execution = 1) => new()
    {
        TopicId = StreamId,
        Position = At(seq),
        Execution = execution,
        Seq = seq,
        Status = status,
        Timestamp = DateTimeOffset.UnixEpoch,
        FinalStats = final is { } processed ? Counted(processed) : null,
    };

    private ErrorReported Error(long seq) => new()
    {
        TopicId = StreamId,
        Position = At(seq),
        Execution = 1,
        Error = new StreamError
        {
            Seq = seq,
            Message = $"error {seq}",
            Code = "E",
            Timestamp = DateTimeOffset.UnixEpoch,
        },
    };

    private StatsChanged Stats(long seq, long processed, int execution = 1) =>
        new() { TopicId = StreamId, Position = At(seq), Execution = execution, Stats = Counted(processed) };

    private static StreamStats Counted(long processed) =>
        new() { ProcessedCount = processed, FailedCount = 0, TotalCount = processed };

    private static StreamSnapshot Snapshot(long version) => new()
    {
        StreamId = StreamId,
        Name = "A job",
        Execution = 1,
        Status = version == 0 ? StreamStatus.Pending : StreamStatus.Running,
        Stats = StreamStats.None,
        Errors = ImmutableArray<StreamError>.Empty,
        Version = version,
    };
}
