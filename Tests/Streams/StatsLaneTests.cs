using NewLoom.Streams;
using static NewLoom.Tests.Streams.Reports;

namespace NewLoom.Tests.Streams;

public sealed class StatsLaneTests : StreamTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly List<(DateTimeOffset At, long Count)> _told = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Cluster.Gateway.WhenTold = item =>
        {
            if (item is StatsChanged stats)
            {
                _told.Add((Cluster.Time.GetUtcNow(), stats.Stats.ProcessedCount));
            }
        };
    }

    [Fact]
    public async Task Counters_AreToldAtMostEightTimesASecond_AndTheLastOnesAlways()
    {
        for (var i = 1; i <= 300; i++)
        {
            await ReportAsync(Stats(processed: i));
            Cluster.Time.Advance(Step);
        }

        Cluster.Time.Advance(TimeSpan.FromMilliseconds(125));
        await SnapshotAsync();    // behind the timer's turn

        Assert.Equal(1, _told[0].Count);
        Assert.Equal(300, _told[^1].Count);
        Assert.InRange(_told.Count, 20, 26);
        Assert.All(
            _told.Zip(_told.Skip(1)),
            pair => Assert.InRange(pair.Second.At - pair.First.At, TimeSpan.FromMilliseconds(125), TimeSpan.MaxValue));
    }

    [Fact]
    public async Task Counters_AreToldAtOnce_AfterAPause()
    {
        await ReportAsync(Stats(processed: 1));
        Cluster.Time.Advance(TimeSpan.FromMilliseconds(125));
        await ReportAsync(Stats(processed: 2));
        Assert.Equal([1, 2], _told.Select(told => told.Count));
    }

    [Fact]
    public async Task Counters_AreNotToldAgain_WhenTheyDoNotChange()
    {
        await ReportAsync(Stats(processed: 5));
        foreach (var report in new[] { Stats(processed: 5), Stats(processed: 4), Status(StreamStatus.Running) })
        {
            Cluster.Time.Advance(TimeSpan.FromSeconds(1));
            await ReportAsync(report);
        }

        Assert.Single(_told);
    }

    [Fact]
    public async Task Timer_IsThereOnlyWhileCountersWait()
    {
        await SnapshotAsync();
        var before = Cluster.Time.TimerCount;
        await ReportAsync(Stats(processed: 1));
        Assert.Equal(before, Cluster.Time.TimerCount);
        await ReportAsync(Stats(processed: 2));
        Assert.Equal(before + 1, Cluster.Time.TimerCount);
        Cluster.Time.Advance(TimeSpan.FromMilliseconds(125));
        await SnapshotAsync();
        Assert.Equal(before, Cluster.Time.TimerCount);
        Assert.Equal([1, 2], _told.Select(told => told.Count));
    }
}
