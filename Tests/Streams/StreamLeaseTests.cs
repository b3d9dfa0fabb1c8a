using NewLoom.Streams;
using Orleans.Runtime;
using static NewLoom.Tests.Streams.Reports;

namespace NewLoom.Tests.Streams;

public sealed class StreamLeaseTests : StreamTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Stream_IsStalledAtItsLease_AndLostAtThreeTimesIt()
    {
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 10), Stats(processed: 3));
        await NextAsync(StreamStatus.Running);
        await NextAsync<StatsChanged>();
        Cluster.Time.Advance(Lease);
        await NextAsync(StreamStatus.Stalled);
        Cluster.Time.Advance(2 * Lease);

        var error = await NextAsync<ErrorReported>();
        Assert.Equal(("LEASE_EXPIRED", 1), (error.Error.Code, error.Execution));
        Assert.Equal("The publisher has not reported within three times its lease", error.Error.Message);
        var lost = await NextAsync<StatusChanged>();
        Assert.Equal((StreamStatus.Lost, 4L, 3L), (lost.Status, lost.Seq, lost.FinalStats?.ProcessedCount));
        Assert.Equal(lost.Timestamp, error.Error.Timestamp);
        Assert.Equal(TimeSpan.FromSeconds(10), lost.FinalStats!.ExecutionTime);
        Assert.Equal(StreamStatus.Lost, (await SnapshotAsync()).Status);

        var refused = await Stream.ReportAsync("alice", [Stats(processed: 4)], Ct);
        Assert.Equal(StreamRefusal.Finished, refused.Outcomes.Single().Refusal);
        await ReportAsync(Status(StreamStatus.Running));
        Assert.Equal(2, (await SnapshotAsync()).Execution);
    }

    [Fact]
    public async Task AnyReport_ReturnsAStalledStreamToRunning_AndRenewsItsLease()
    {
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 10));
        await NextAsync(StreamStatus.Running);
        foreach (var report in new[] { Stats(processed: 1), Error("E1"), Status(StreamStatus.Running) })
        {
            Cluster.Time.Advance(Lease);
            await NextAsync(StreamStatus.Stalled);
            Cluster.Time.Advance(1.5 * Lease);
            await ReportAsync(report);
            await NextAsync(StreamStatus.Running);
            Assert.True(report is StatusReport || await Cluster.Gateway.NextAsync() is StatsChanged or ErrorReported);
        }

        Assert.Equal(StreamStatus.Running, (await SnapshotAsync()).Status);
    }

    [Fact]
    public async Task Reports_KeepTheLease_AlsoWhenTheyChangeNothing()
    {
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 10), Stats(processed: 1));
        for (var i = 0; i < 5; i++)
        {
            Cluster.Time.Advance(0.9 * Lease);
            await ReportAsync(Stats(processed: 1));
        }

        Assert.Equal(StreamStatus.Running, (await SnapshotAsync()).Status);
        Assert.Equal(2, Cluster.Gateway.TakeAll().Length);
    }

    [Fact]
    public async Task Timer_IsThereOnlyWithALease()
    {
        await SnapshotAsync();
        var before = Cluster.Time.TimerCount;
        await ReportAsync(Status(StreamStatus.Running), Error("E1"), Stats(processed: 1));
        Assert.Equal(before, Cluster.Time.TimerCount);

        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 10));
        Assert.Equal(before + 1, Cluster.Time.TimerCount);
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 5));
        Assert.Equal(before + 1, Cluster.Time.TimerCount);
        await ReportAsync(Status(StreamStatus.Completed));
        await SnapshotAsync();    // behind the turn that drops the reminder
        Assert.Equal(before, Cluster.Time.TimerCount);
        await ReportAsync(Status(StreamStatus.Running));
        Assert.Equal(before, Cluster.Time.TimerCount);
    }

    [Fact]
    public async Task ShorterLease_CountsAtOnce()
    {
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 3_600));
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 5));
        await NextAsync(StreamStatus.Running);
        await NextAsync(StreamStatus.Running);
        Cluster.Time.Advance(TimeSpan.FromSeconds(5));
        await NextAsync(StreamStatus.Stalled);
    }

    [Fact]
    public async Task LongLease_IsWatchedInShortTurns_WhichKeepTheGrainActive()
    {
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 3_600));
        await NextAsync(StreamStatus.Running);
        var before = Cluster.Time.TimerCount;
        for (var minute = 5; minute < 60; minute += 5)
        {
            Cluster.Time.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal(StreamStatus.Running, (await SnapshotAsync()).Status);    // behind the timer's turn
        }

        Assert.Equal(before, Cluster.Time.TimerCount);
        Assert.Equal(TimeSpan.FromMinutes(5), Cluster.Time.LongestWait);
        Cluster.Time.Advance(TimeSpan.FromMinutes(5));
        await NextAsync(StreamStatus.Stalled);
    }

    [Fact]
    public async Task Reminder_IsThereAsLongAsTheLease()
    {
        await ReportAsync(Status(StreamStatus.Running));
        Assert.Null(await Cluster.ReminderOfAsync(Stream));
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 30));
        Assert.Equal(TimeSpan.FromSeconds(30), await Cluster.ReminderOfAsync(Stream));
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 3_600));
        Assert.Equal(TimeSpan.FromMinutes(1), await Cluster.ReminderOfAsync(Stream));    // late by no more, ever
        await ReportAsync(Status(StreamStatus.Completed));
        await SnapshotAsync();    // behind the turn that drops it
        Assert.Null(await Cluster.ReminderOfAsync(Stream));
    }

    [Fact]
    public async Task Lease_IsRefused_WhenNoReminderCanBeStored()
    {
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 30));
        Cluster.Reminders.IsBroken = true;
        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => Stream.ReportAsync("alice", [Error("E1"), Status(StreamStatus.Paused, leaseSeconds: 40)], Ct));
        Assert.Equal(1, (await SnapshotAsync()).Version);
        Assert.Equal(1, (await Cluster.Store.LoadAsync(Stream.GetPrimaryKeyLong(), Ct))!.LastSeq);

        Assert.Equal(2, (await ReportAsync(Status(StreamStatus.Paused, leaseSeconds: 30))).Version);
    }

    [Fact]
    public async Task LeftReminder_IsDropped_AtItsNextTick()
    {
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 60));
        Cluster.Reminders.IsBroken = true;
        await ReportAsync(Status(StreamStatus.Completed));
        await SnapshotAsync();    // behind the turn that cannot drop it
        Cluster.Reminders.IsBroken = false;
        Assert.NotNull(await Cluster.ReminderOfAsync(Stream));

        await TickAsync();
        await SnapshotAsync();

        Assert.Null(await Cluster.ReminderOfAsync(Stream));
    }

    [Fact]
    public async Task LeftReminder_IsDropped_WhenTheStreamIsGone()
    {
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 60));
        Assert.Equal(StreamOutcome.Done, await Cluster.RightsOf(Stream).DeleteAsync("alice", Ct));
        Assert.NotNull(await Cluster.ReminderOfAsync(Stream));

        await TickAsync();

        Assert.Null(await Cluster.ReminderOfAsync(Stream));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lease_SurvivesARestart_AndLeavesTheTimeToReport(bool kill)
    {
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 10));
        await NextAsync(StreamStatus.Running);
        await Cluster.RestartAsync(kill);
        Cluster.Time.Advance(TimeSpan.FromMinutes(10));
        await TickAsync();    // what wakes it when nobody calls

        await NextAsync(StreamStatus.Stalled);
        Cluster.Time.Advance(1.9 * Lease);
        Assert.Equal(StreamStatus.Stalled, (await SnapshotAsync()).Status);
        Cluster.Time.Advance(0.1 * Lease);
        await NextAsync<ErrorReported>();
        await NextAsync(StreamStatus.Lost);
    }

    [Fact]
    public async Task Expiry_IsTriedAgain_WhenStorageCannotTakeIt()
    {
        // Longer than the test: its reminder, which ticks in real time, shall not help.
        await ReportAsync(Status(StreamStatus.Running, leaseSeconds: 600));
        await NextAsync(StreamStatus.Running);
        Cluster.Store.IsBroken = true;
        Cluster.Time.Advance(TimeSpan.FromSeconds(600));
        for (var i = 0; i < 3; i++)
        {
            await Cluster.Store.FailureAsync();
            Assert.Equal(StreamStatus.Running, (await SnapshotAsync()).Status);    // behind the timer's turn
            Cluster.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await Cluster.Store.FailureAsync();
        await SnapshotAsync();
        Cluster.Store.IsBroken = false;
        Cluster.Time.Advance(TimeSpan.FromSeconds(1));
        await NextAsync(StreamStatus.Stalled);
    }

    /// <summary>As the reminder service does.</summary>
    private Task TickAsync() => Stream.AsReference<IRemindable>().ReceiveReminder("lease", default);
}
