using System.Collections.Immutable;
using NewLoom.Grains.Streams;
using NewLoom.Streams;
using static NewLoom.Tests.Streams.Reports;

namespace NewLoom.Tests.Streams;

public sealed class ExecutionPageTests : StreamTests
{
    private static readonly string LongText = new('x', ErrorReport.MessageLengthMax);

    [Fact]
    public async Task Page_EndsEarly_WhenErrorsAreLong_AndTheNextOneGoesOn()
    {
        for (var execution = 1; execution <= 4; execution++)
        {
            await ReportAsync(
            [
                Status(StreamStatus.Running),
                .. Enumerable.Range(0, 120).Select(i => Error($"E{i}", LongText)),
                Status(StreamStatus.Completed),
            ]);
        }

        // 100 of 4,000 characters each: the third one passes 1 Mi.
        var first = await ListAsync(after: 0, limit: 100, hasMore: true, 1, 2, 3);
        Assert.Equal((100, 120), (first[0].Errors.Length, first[0].ErrorCount));
        Assert.Equal(["E20", "E119"], [first[0].Errors[0].Code, first[0].Errors[^1].Code]);
        await ListAsync(after: 3, limit: 100, hasMore: false, 4);
        await ListAsync(after: 0, limit: 1, hasMore: true, 1);
    }

    [Fact]
    public async Task Reports_DoNotWait_ForWhatSomebodyReads()
    {
        await ReportAsync(Status(StreamStatus.Running), Status(StreamStatus.Completed));
        Cluster.Store.ListingGate = new TaskCompletionSource();
        var listing = Stream.ListExecutionsAsync("alice", 0, 100, Ct);

        await ReportAsync(Status(StreamStatus.Running));

        Assert.False(listing.IsCompleted);
        Cluster.Store.ListingGate.SetResult();
        Assert.Single((await listing)!.Executions);
    }

    [Fact]
    public async Task ReportedTime_IsKept_WhenOlderCountersAreWrittenBehindIt()
    {
        await ReportAsync(Status(StreamStatus.Running), Stats(processed: 1));
        var id = Stream.GetPrimaryKeyLong();
        var before = (await Cluster.Store.LoadAsync(id, Ct))!.Execution;
        Assert.Null(before.ReportedTime);
        await ReportAsync(Stats(processed: 2, time: TimeSpan.FromMinutes(5)), Error("E1"));

        await Cluster.Store.SaveStatsAsync([KeyValuePair.Create<long, Execution>(id, before)]);

        var after = (await Cluster.Store.LoadAsync(id, Ct))!.Execution;
        Assert.Equal((TimeSpan.FromMinutes(5), 2L), (after.ReportedTime, after.ProcessedCount));
    }

    private async Task<ImmutableArray<ExecutionSummary>> ListAsync(
        int after, int limit, bool hasMore, params int[] executions)
    {
        var page = (await Stream.ListExecutionsAsync("alice", after, limit, Ct))!;
        Assert.Equal(executions, page.Executions.Select(past => past.Execution));
        Assert.Equal(hasMore, page.HasMore);
        return page.Executions;
    }
}
