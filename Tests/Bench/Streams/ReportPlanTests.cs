using NewLoom.Bench.Streams;
using NewLoom.Bench.Timing;

namespace NewLoom.Tests.Bench.Streams;

public sealed class ReportPlanTests
{
    [Theory]
    [InlineData(5_000, 10, 50_000)]
    [InlineData(0.1, 1, 1)]
    public void Reports_AreWhatTheRateMakes(double rate, double seconds, int reports) =>
        Assert.Equal(reports, ReportPlan.For(streams: 3, rate, seconds, errors: 0, sendsStats: true).Reports);

    [Fact]
    public void Errors_AreSpreadOverTheReports()
    {
        var plan = new ReportPlan(Streams: 1, Reports: 10, Errors: 4, SendsStats: true);

        int[] before = [.. Enumerable.Range(0, 11).Select(plan.ErrorsBefore)];

        Assert.Equal([0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4], before);
        Assert.Equal(6, plan.PlacedReports);    // running, the errors, completed
    }

    [Fact]
    public void Schedule_HasARateForEachStream()
    {
        var plan = new ReportPlan(Streams: 4, Reports: 10, Errors: 0, SendsStats: false);

        var schedule = plan.ScheduleFrom(startNanoseconds: 0, rate: 2);

        Assert.Equal(40, schedule.Messages);
        Assert.Equal(MonotonicClock.Second / 2, schedule.DueNanoseconds(4));
        Assert.Equal(10, plan.PlacedReports);
    }
}
