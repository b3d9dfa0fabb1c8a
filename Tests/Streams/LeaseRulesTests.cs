using NewLoom.Grains.Streams;
using NewLoom.Streams;

namespace NewLoom.Tests.Streams;

public sealed class LeaseRulesTests
{
    private static readonly DateTimeOffset Report = new(2024, 2, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>Seconds after the last report.</summary>
    [Theory]
    [InlineData(StreamStatus.Pending, -60, 10)]
    [InlineData(StreamStatus.Running, -60, 10)]
    [InlineData(StreamStatus.Paused, -60, 10)]
    [InlineData(StreamStatus.Running, 500, 10)]    // overdue at activation: at once
    [InlineData(StreamStatus.Stalled, -60, 30)]
    [InlineData(StreamStatus.Stalled, 10, 30)]
    [InlineData(StreamStatus.Stalled, 15, 35)]    // nobody is given up without two leases' time to report
    [InlineData(StreamStatus.Stalled, 500, 520)]
    public void Lease_IsDue_AfterTheLastReport(StreamStatus status, int activatedAfter, int dueAfter) => Assert.Equal(
        Report.AddSeconds(dueAfter), LeaseRules.DueAt(Leased(status), Report.AddSeconds(activatedAfter)));

    [Theory]
    [InlineData(StreamStatus.Completed)]
    [InlineData(StreamStatus.Failed)]
    [InlineData(StreamStatus.Cancelled)]
    [InlineData(StreamStatus.Lost)]
    public void Lease_IsNeverDue_WhenTheExecutionHasEnded(StreamStatus status) =>
        Assert.Null(LeaseRules.DueAt(Leased(status), Report));

    [Fact]
    public void NothingIsDue_WithoutALease() =>
        Assert.Null(LeaseRules.DueAt(Leased(StreamStatus.Running) with { Lease = null }, Report));

    private static Execution Leased(StreamStatus status) =>
        new() { Number = 1, Status = status, Lease = Lease, ReportedAt = Report };
}
