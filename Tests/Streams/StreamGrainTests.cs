using NewLoom.Gateways;
using NewLoom.Streams;
using static NewLoom.Tests.Streams.Reports;

namespace NewLoom.Tests.Streams;

public sealed class StreamGrainTests : StreamTests
{
    [Fact]
    public async Task Stream_GoesThroughExecutions_AndKeepsThePastOnes()
    {
        Assert.Equal(
            (1, StreamStatus.Pending, 0L),
            await SnapshotAsync() is var begin ? (begin.Execution, begin.Status, begin.Version) : default);
        await ReportAsync(Status(StreamStatus.Running), Stats(processed: 7, failed: 1), Error("E1"));
        Cluster.Time.Advance(TimeSpan.FromSeconds(90));
        var ended = await ReportAsync(Status(StreamStatus.Completed));
        Assert.Equal((1, StreamStatus.Completed, 3), (ended.Execution, ended.Status, ended.Version));

        var refused = await Stream.ReportAsync("alice", [Stats(processed: 8), Status(StreamStatus.Paused)], Ct);
        Assert.All(refused.Outcomes, outcome => Assert.Equal(StreamRefusal.Finished, outcome.Refusal));
        Assert.Equal(3, refused.Version);

        var next = await ReportAsync(Status(StreamStatus.Running));
        Assert.Equal((2, StreamStatus.Running, 4), (next.Execution, next.Status, next.Version));
        Assert.Equal(StreamStats.None, (await SnapshotAsync()).Stats);
        Assert.Empty((await SnapshotAsync()).Errors);

        var past = Assert.Single((await Stream.ListExecutionsAsync("bob", 0, 10, Ct))!.Executions);
        Assert.Equal((1, StreamStatus.Completed, 1), (past.Execution, past.Status, past.ErrorCount));
        Assert.Equal(TimeSpan.FromSeconds(90), past.EndedAt - past.StartedAt);
        Assert.Equal(
            new StreamStats
            {
                ProcessedCount = 7,
                FailedCount = 1,
                TotalCount = 8,
                ExecutionTime = TimeSpan.FromSeconds(90),
            },
            past.Stats);
        var error = Assert.Single((await Stream.ListErrorsAsync("bob", 1, 0, 10, Ct))!.Value);
        Assert.Equal((2, "E1", "It broke"), (error.Seq, error.Code, error.Message));
    }

    [Fact]
    public async Task FinalStats_ComeWithTheTerminalStatus_AndNothingAfterIt()
    {
        await ReportAsync(Status(StreamStatus.Running), Stats(processed: 1));
        await ReportAsync(Stats(processed: 2));    // waits for its turn
        await ReportAsync(Status(StreamStatus.Failed));

        await NextAsync(StreamStatus.Running);
        Assert.Equal(1, (await NextAsync<StatsChanged>()).Stats.ProcessedCount);
        Assert.Equal(2, (await NextAsync<StatusChanged>()).FinalStats?.ProcessedCount);
        Cluster.Time.Advance(TimeSpan.FromSeconds(1));
        await SnapshotAsync();    // behind the timer's turn
        Assert.Equal(0, Cluster.Gateway.WaitingCount);
    }

    [Fact]
    public async Task FinalStats_AreToldAndReadAgain_AlsoWhenNoCounterWasEverReported()
    {
        await ReportAsync(Status(StreamStatus.Running));
        Cluster.Time.Advance(TimeSpan.FromSeconds(7));
        await ReportAsync(Status(StreamStatus.Completed));

        await NextAsync(StreamStatus.Running);
        var told = await NextAsync<StatusChanged>();
        Assert.Equal(StreamStats.None with { ExecutionTime = TimeSpan.FromSeconds(7) }, told.FinalStats);
        var audience = Cluster.Grains.GetGrain<IStreamAudienceGrain>(told.TopicId);
        var read = Assert.IsType<StatusChanged>((await audience.ReadAsync(1, 2, 10, Ct)).Single());
        Assert.Equal(told.FinalStats, read.FinalStats);
    }

    [Fact]
    public async Task Snapshot_EqualsTheReplayOfWhatWasTold()
    {
        var random = new Random(20240205);
        var replayed = new ReplayedStream();
        StreamReport[] kinds =
        [
            Status(StreamStatus.Pending), Status(StreamStatus.Running), Status(StreamStatus.Paused),
            Status(StreamStatus.Completed), Status(StreamStatus.Cancelled), Error("E1"), Error("E2"), Error("E3"),
        ];
        for (var i = 0; i < 60; i++)
        {
            var reports = Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(3) == 0
                ? Stats(processed: random.Next(i + 1), failed: random.Next(i + 1), total: random.Next(4 * i + 4))
                : kinds[random.Next(kinds.Length)]);
            await Stream.ReportAsync("alice", [.. reports], Ct);
            Cluster.Time.Advance(TimeSpan.FromMilliseconds(125));    // what waits is told
            var snapshot = await SnapshotAsync();
            foreach (var item in Cluster.Gateway.TakeAll())
            {
                replayed.Take(item);
            }

            replayed.AssertSame(snapshot);
        }
    }

    [Fact]
    public async Task TimestampsNeverFall_AndEventsReadBackAsTheyWereTold()
    {
        await ReportAsync(Status(StreamStatus.Running), Error("E1"), Stats(failed: 3), Status(StreamStatus.Failed));
        Cluster.Time.Advance(TimeSpan.FromMilliseconds(1));
        await ReportAsync(Status(StreamStatus.Pending));

        var told = Cluster.Gateway.TakeAll().Cast<StreamEvent>().Select(item => item with { Position = default, DurableAt = default });
        var audience = Cluster.Grains.GetGrain<IStreamAudienceGrain>(Stream.GetPrimaryKeyLong());
        Assert.Equal(told, await audience.ReadAsync(0, 4, 10, Ct));
        Assert.Equal([2, 3], (await audience.ReadAsync(1, 3, 10, Ct)).Select(SeqOf));
    }

    [Fact]
    public async Task Gateway_JoinsForViewersAlone_AndIsToldWhatFollows()
    {
        var audience = Cluster.Grains.GetGrain<IStreamAudienceGrain>(Stream.GetPrimaryKeyLong());
        Assert.Null((await audience.JoinAsync("g1", "carol", Ct)).Stream);
        await ReportAsync(Status(StreamStatus.Running));
        await NextAsync(StreamStatus.Running);

        var joined = await audience.JoinAsync("g1", "bob", Ct);
        Assert.Equal((1, 1L), (joined.Position.LastSeq, joined.Stream!.Version));
        Assert.Equal(["carol"], (await audience.RejoinAsync("g1", ["alice", "carol", "bob"], Ct)).Strangers);
        await ReportAsync(Error("E1"));
        Assert.Equal(joined.Position with { LastSeq = 2 }, (await NextAsync<ErrorReported>()).Position);
    }

    [Fact]
    public async Task Snapshot_AnswersWhileAReportIsBeingTold()
    {
        var audience = Cluster.Grains.GetGrain<IStreamAudienceGrain>(Stream.GetPrimaryKeyLong());
        await SnapshotAsync();
        Task<StreamSnapshot?>? during = null;
        Cluster.Gateway.WhenTold = _ => during ??= audience.GetSnapshotAsync(Ct);
        await ReportAsync(Status(StreamStatus.Running), Error("E1"));

        Assert.Equal(2, (await during!)!.Version);
    }

    [Fact]
    public async Task UnknownStream_IsRefused_AndLooksAgainAtTheNextCall()
    {
        var id = Stream.GetPrimaryKeyLong() + 100;
        var stream = Cluster.Grains.GetGrain<IStreamGrain>(id);
        var refused = await stream.ReportAsync("alice", [Error("E1"), Error("E2")], Ct);
        Assert.Equal([StreamRefusal.NotAuthorized, StreamRefusal.NotAuthorized], Refusals(refused));
        Assert.Equal(0, refused.Execution);
        Assert.Null(await stream.GetSnapshotAsync("alice", Ct));

        await Cluster.Store.CreateAsync("alice", id, "Later", "alice", [new("alice", true, true)]);
        Assert.Equal([StreamRefusal.None], Refusals(await stream.ReportAsync("alice", [Error("E1")], Ct)));
    }

    [Fact]
    public async Task Reports_AreRefusedEach_WithoutTheRightToPublish()
    {
        var refused = await Stream.ReportAsync("bob", [Error("E1"), Status(StreamStatus.Running)], Ct);
        Assert.Equal([StreamRefusal.NotAuthorized, StreamRefusal.NotAuthorized], Refusals(refused));
        Assert.Equal(0, (await SnapshotAsync()).Version);
        Assert.Null(await Stream.GetSnapshotAsync("carol", Ct));
        Assert.Null(await Stream.ListExecutionsAsync("carol", 0, 10, Ct));
        Assert.Null(await Stream.ListErrorsAsync("carol", 1, 0, 10, Ct));
    }

    [Fact]
    public async Task Reports_Are1To1000InACall()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Stream.ReportAsync("alice", [], Ct));
        StreamReport[] reports = [.. Enumerable.Repeat(Error("E1"), 1_001)];
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Stream.ReportAsync("alice", [.. reports], Ct));
        Assert.Equal(1_000, (await ReportAsync(reports[1..])).Version);
    }

    private static IEnumerable<StreamRefusal> Refusals(ReportResult result) =>
        result.Outcomes.Select(outcome => outcome.Refusal);

    private static long SeqOf(StreamEvent item) => item is StatusChanged status
        ? status.Seq
        : Assert.IsType<ErrorReported>(item).Error.Seq;
}
