using NewLoom.Streams;
using static NewLoom.Tests.Streams.Reports;

namespace NewLoom.Tests.Streams;

public sealed class StreamDurabilityTests : StreamTests
{
    [Fact]
    public async Task FailedWrite_ChangesNothing_AndTellsNothing()
    {
        await ReportAsync(Status(StreamStatus.Running), Stats(processed: 1));
        var (before, told) = (await SnapshotAsync(), Cluster.Gateway.TakeAll().Length);
        Cluster.Store.IsBroken = true;
        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => Stream.ReportAsync("alice", [Stats(processed: 9), Status(StreamStatus.Completed)], Ct));
        var rights = Cluster.RightsOf(Stream);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => rights.DeleteAsync("alice", Ct));
        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => rights.RevokeAsync("alice", "bob", StreamRight.View, Ct));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => rights.ForgetAsync("alice", "alice", Ct));

        var after = await Stream.GetSnapshotAsync("bob", Ct);
        Assert.Equal((before.Status, before.Version, before.Stats), (after!.Status, after.Version, after.Stats));
        Assert.Equal(2, told);
        Assert.All(Cluster.Gateway.TakeAll(), item => Assert.IsType<StreamActivationEnded>(item));    // ask anew
        Assert.Equal("alice", (await rights.GetAsync("bob", Ct))!.Owner);

        Cluster.Store.IsBroken = false;
        Assert.Equal(2, (await ReportAsync(Status(StreamStatus.Completed))).Version);
    }

    [Fact]
    public async Task Counters_AreTakenWithoutStorage_AndWrittenWhenItIsBack()
    {
        await ReportAsync(Status(StreamStatus.Running));
        Cluster.Store.IsBroken = true;
        await ReportAsync(Stats(processed: 6));
        Cluster.Time.Advance(TimeSpan.FromSeconds(1));
        await Cluster.Store.FailureAsync();
        Cluster.Store.IsBroken = false;

        await Cluster.DeactivateAsync(Stream);

        Assert.Equal(6, (await SnapshotAsync()).Stats.ProcessedCount);
    }

    [Fact]
    public async Task Execution_GoesOn_AfterARestart()
    {
        await ReportAsync(Status(StreamStatus.Failed), Status(StreamStatus.Running), Error("E1"));
        Cluster.Time.Advance(TimeSpan.FromMinutes(1));
        await ReportAsync(Stats(processed: 6, failed: 1, total: 100));
        var before = await SnapshotAsync();
        await Cluster.RestartAsync(kill: false);

        var after = await SnapshotAsync();
        Assert.Equal(
            (before.Execution, before.Status, before.Version, before.Stats),
            (after.Execution, after.Status, after.Version, after.Stats));
        Assert.Equal(before.Errors, after.Errors);
        Cluster.Time.Advance(TimeSpan.FromMinutes(1));
        await ReportAsync(Status(StreamStatus.Completed));
        var past = (await Stream.ListExecutionsAsync("alice", 1, 10, Ct))!.Executions.Single();
        Assert.Equal(
            (2, TimeSpan.FromMinutes(2), 6L), (past.Execution, past.Stats.ExecutionTime, past.Stats.ProcessedCount));
    }

    [Fact]
    public async Task StatusesAndErrors_SurviveAKill_WithTheCountersOfTheirTime()
    {
        await ReportAsync(Status(StreamStatus.Running), Stats(processed: 6), Error("E1"));
        await Cluster.RestartAsync(kill: true);

        var after = await SnapshotAsync();
        Assert.Equal((StreamStatus.Running, 2L, 6L), (after.Status, after.Version, after.Stats.ProcessedCount));
        Assert.Equal(3, (await ReportAsync(Status(StreamStatus.Paused))).Version);
    }

    [Fact]
    public async Task TimeOfTheFirstReport_IsKept_WhenItBroughtOnlyCounters()
    {
        await ReportAsync(Stats(processed: 1));
        await Cluster.DeactivateAsync(Stream);
        Cluster.Time.Advance(TimeSpan.FromMinutes(1));
        await ReportAsync(Status(StreamStatus.Completed));

        var past = (await Stream.ListExecutionsAsync("alice", 0, 10, Ct))!.Executions.Single();
        Assert.Equal(TimeSpan.FromMinutes(1), past.EndedAt - past.StartedAt);
    }

    [Fact]
    public async Task SecondActivation_IsFenced_AndTheNextCallSeesWhatIsStored()
    {
        await ReportAsync(Status(StreamStatus.Running));
        var id = Stream.GetPrimaryKeyLong();
        var record = (await Cluster.Store.LoadAsync(id, Ct))!;
        await Cluster.Store.AppendAsync(
            new(id, record.LastSeq),
            [new() { Execution = 1, Timestamp = record.LastTimestamp, ErrorMessage = "m", ErrorCode = "ELSEWHERE" }],
            [record.Execution]);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => Stream.ReportAsync("alice", [Error("E1")], Ct));
        Assert.Equal(3, (await ReportAsync(Error("E1"))).Version);
        Assert.Equal(["ELSEWHERE", "E1"], (await SnapshotAsync()).Errors.Select(error => error.Code));
    }
}
