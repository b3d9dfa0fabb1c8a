using NewLoom.Grains.Streams;
using NewLoom.Streams;
using static NewLoom.Tests.Streams.Reports;

namespace NewLoom.Tests.Streams;

public sealed class ReportDraftTests
{
    private static readonly DateTimeOffset Start = new(2024, 2, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly StreamReport[] Kinds =
    [
        Status(StreamStatus.Pending), Status(StreamStatus.Running), Status(StreamStatus.Paused),
        Status(StreamStatus.Completed), Status(StreamStatus.Failed), Status(StreamStatus.Cancelled),
        Stats(processed: 1), Error("E1"),
    ];

    /// <summary>For each of <see cref="Kinds"/> what it adds: statuses by their first letter (H: paused, X: cancelled)
    /// and errors (e); 2 before it for the next execution; ! for a refusal.</summary>
    [Theory]
    [InlineData(StreamStatus.Pending, "P R H C F X - e")]
    [InlineData(StreamStatus.Running, "P R H C F X - e")]
    [InlineData(StreamStatus.Paused, "P R H C F X - e")]
    [InlineData(StreamStatus.Stalled, "P R H C F X R Re")]
    [InlineData(StreamStatus.Completed, "2P 2R ! ! ! ! ! !")]
    [InlineData(StreamStatus.Failed, "2P 2R ! ! ! ! ! !")]
    [InlineData(StreamStatus.Cancelled, "2P 2R ! ! ! ! ! !")]
    [InlineData(StreamStatus.Lost, "2P 2R ! ! ! ! ! !")]
    public void Report_AddsWhatTheTableSays(StreamStatus before, string expected) =>
        Assert.Equal(expected, string.Join(' ', Kinds.Select(report => Describe(before, report))));

    [Fact]
    public void RefusedReport_ChangesNothing()
    {
        var ended = At(StreamStatus.Completed) with { EndedAt = Start, ProcessedCount = 4, HasStats = true };
        var running = At(StreamStatus.Running) with { ProcessedCount = ReportRules.CountMax, HasStats = true };
        foreach (var (execution, report) in new (Execution, StreamReport)[]
        {
            (ended, Stats(processed: 5)), (ended, Error("E1")), (ended, Status(StreamStatus.Paused)),
            (running, Stats(failed: 1)), (running, Stats()), (running, Error(" ")),
            (running, Status(StreamStatus.Stalled)), (running, Status(StreamStatus.Lost)),
        })
        {
            var draft = new ReportDraft(execution, Start.AddHours(1));
            Assert.NotEqual(StreamRefusal.None, draft.Take(report).Refusal);
            Assert.Same(execution, draft.Execution);
            Assert.False(draft.IsChanged);
            Assert.Empty(draft.Events);
        }
    }

    [Fact]
    public void RefusedReport_DoesNotHoldUpTheNext()
    {
        var draft = new ReportDraft(At(StreamStatus.Pending), Start);
        Assert.Equal(
            [StreamRefusal.None, StreamRefusal.Invalid, StreamRefusal.None, StreamRefusal.Finished, StreamRefusal.None],
            new StreamReport[]
            {
                Status(StreamStatus.Running), Stats(processed: -1), Status(StreamStatus.Failed), Error("E1"),
                Status(StreamStatus.Running),
            }.Select(report => draft.Take(report).Refusal));

        Assert.Equal(["1R", "1F", "2R"], draft.Events.Select(item => $"{item.Record.Execution}{Letter(item)}"));
        Assert.Equal([1, 2], draft.Executions.Select(execution => execution.Number));
    }

    [Fact]
    public void RepeatInTheSameMillisecond_IsStoredAgain()
    {
        var running = Say(At(StreamStatus.Pending), Start, Status(StreamStatus.Running));
        foreach (var report in new[] { Error("E1"), Status(StreamStatus.Running) })
        {
            var draft = new ReportDraft(running, Start);
            draft.Take(report);
            Assert.True(draft.IsChanged);
        }
    }

    [Fact]
    public void NextExecution_BeginsFresh()
    {
        var before = At(StreamStatus.Lost) with
        {
            Number = 6,
            Lease = TimeSpan.FromSeconds(9),
            HasStats = true,
            FailedCount = 3,
            ReportedTime = TimeSpan.FromHours(1),
            RanFor = TimeSpan.FromHours(2),
            EndedAt = Start,
        };
        var draft = new ReportDraft(before, Start.AddDays(1));
        draft.Take(Status(StreamStatus.Pending));

        Assert.Equal(
            new Execution
            {
                Number = 7,
                Status = StreamStatus.Pending,
                StartedAt = Start.AddDays(1),
                ReportedAt = Start.AddDays(1),
            },
            draft.Execution);
    }

    [Fact]
    public void Counters_NeverFall_FieldByField()
    {
        var draft = new ReportDraft(At(StreamStatus.Pending), Start);
        draft.Take(Stats(processed: 5, failed: 2, total: 100, time: TimeSpan.FromHours(200)));
        draft.Take(Stats(processed: 4, failed: 3, total: 9, time: TimeSpan.FromHours(1)));

        Assert.Equal(
            new StreamStats
            {
                ProcessedCount = 5,
                FailedCount = 3,
                TotalCount = 100,
                ExecutionTime = TimeSpan.FromHours(200),
            },
            draft.Execution.StatsAt(Start));
    }

    [Fact]
    public void Total_IsProcessedAndFailed_WhenThatIsMore()
    {
        var draft = new ReportDraft(At(StreamStatus.Running), Start);
        draft.Take(Stats(processed: 5, failed: 2));
        Assert.Equal(7, draft.Execution.StatsAt(Start).TotalCount);
        draft.Take(Stats(total: 8));
        draft.Take(Stats(processed: 7, failed: 2));
        Assert.Equal(9, draft.Execution.StatsAt(Start).TotalCount);
    }

    [Fact]
    public void ExecutionTime_CountsOnlyTheTimeInRunning()
    {
        var execution = Say(At(StreamStatus.Pending), Start.AddMinutes(1), Status(StreamStatus.Running));
        execution = Say(execution, Start.AddHours(61), Stats(processed: 1));
        execution = Say(execution, Start.AddHours(100).AddMinutes(1), Status(StreamStatus.Paused));
        Assert.Equal(TimeSpan.FromHours(100), execution.StatsAt(Start.AddHours(150)).ExecutionTime);

        execution = Say(execution, Start.AddHours(200), Status(StreamStatus.Running));
        Assert.Equal(
            TimeSpan.FromHours(101), execution.StatsAt(Start.AddHours(201).AddMilliseconds(999)).ExecutionTime);

        execution = Say(execution, Start.AddHours(202), Status(StreamStatus.Cancelled));
        Assert.Equal(TimeSpan.FromHours(102), execution.StatsAt(Start.AddHours(300)).ExecutionTime);
    }

    [Fact]
    public void ExecutionTime_ReportedBelowTheComputedOneThatWasTold_IsIgnored()
    {
        var execution = Say(At(StreamStatus.Pending), Start, Status(StreamStatus.Running));
        execution = Say(execution, Start.AddSeconds(10), Stats(processed: 1));
        var low = Say(execution, Start.AddSeconds(20), Stats(time: TimeSpan.FromSeconds(19)));
        Assert.Equal(TimeSpan.FromSeconds(20), low.StatsAt(Start.AddSeconds(20)).ExecutionTime);

        var high = Say(execution, Start.AddSeconds(20), Stats(time: TimeSpan.FromSeconds(21)));
        Assert.Equal(TimeSpan.FromSeconds(21), high.StatsAt(Start.AddSeconds(30)).ExecutionTime);
    }

    [Fact]
    public void ExecutionTime_LeavesOutTheTimeInStalled()
    {
        var running = Say(At(StreamStatus.Pending), Start, Status(StreamStatus.Running));
        var draft = new ReportDraft(running, Start.AddSeconds(10));
        draft.Stall();
        var resumed = Say(draft.Execution, Start.AddSeconds(15), Stats(processed: 1));
        Assert.Equal(TimeSpan.FromSeconds(12), resumed.StatsAt(Start.AddSeconds(17)).ExecutionTime);
    }

    [Fact]
    public void FinalStats_GoWithEveryTerminalStatus_AndWithNoOther()
    {
        var draft = new ReportDraft(At(StreamStatus.Running), Start);
        draft.Take(Stats(processed: 2));
        draft.Take(Status(StreamStatus.Completed));
        draft.Take(Status(StreamStatus.Running));
        draft.Take(Status(StreamStatus.Failed));

        Assert.Equal([2, null, 0], draft.Events.Select(item => item.FinalStats?.ProcessedCount));
        Assert.Equal([2, 0], draft.Executions.Select(execution => execution.ProcessedCount));
    }

    [Fact]
    public void FinalStats_HoldTheTimeItRan_WhenNoCounterWasEverReported()
    {
        var running = Say(At(StreamStatus.Pending), Start, Status(StreamStatus.Running));
        var draft = new ReportDraft(running, Start.AddSeconds(7));
        draft.Take(Status(StreamStatus.Completed));

        var final = draft.Events.Single().FinalStats!;
        Assert.Equal(StreamStats.None with { ExecutionTime = TimeSpan.FromSeconds(7) }, final);
    }

    [Fact]
    public void Lease_StaysUntilAnotherIsGiven()
    {
        var execution = Say(At(StreamStatus.Pending), Start, Status(StreamStatus.Running, leaseSeconds: 5));
        execution = Say(execution, Start.AddSeconds(1), Status(StreamStatus.Paused));
        Assert.Equal(TimeSpan.FromSeconds(5), execution.Lease);
        Assert.Equal(
            TimeSpan.FromHours(1),
            Say(execution, Start, Status(StreamStatus.Running, leaseSeconds: 3_600)).Lease);
    }

    [Fact]
    public void Loss_IsAnErrorAndThenTheStatus()
    {
        var draft = new ReportDraft(At(StreamStatus.Stalled) with { HasStats = true, FailedCount = 1 }, Start);
        draft.Lose();

        Assert.Equal("eL", string.Concat(draft.Events.Select(Letter)));
        Assert.Equal("LEASE_EXPIRED", draft.Events[0].Record.ErrorCode);
        Assert.Equal(1, draft.Events[1].FinalStats?.FailedCount);
        Assert.Equal((StreamStatus.Lost, Start), (draft.Execution.Status, draft.Execution.EndedAt));
    }

    private static string Describe(StreamStatus before, StreamReport report)
    {
        var draft = new ReportDraft(At(before), Start);
        if (draft.Take(report).Refusal == StreamRefusal.Finished)
        {
            return "!";
        }

        var next = draft.Execution.Number > 1 ? "2" : "";
        return draft.Events.Count == 0 ? "-" : next + string.Concat(draft.Events.Select(Letter));
    }

    private static string Letter(DraftEvent item) => item.Record.Status switch
    {
        null => "e",
        StreamStatus.Paused => "H",
        StreamStatus.Cancelled => "X",
        { } status => status.ToString()[..1],
    };

    private static Execution Say(Execution before, DateTimeOffset now, StreamReport report)
    {
        var draft = new ReportDraft(before, now);
        Assert.Equal(StreamOutcome.Done, draft.Take(report));
        return draft.Execution;
    }

    private static Execution At(StreamStatus status) => new() { Number = 1, Status = status };
}
