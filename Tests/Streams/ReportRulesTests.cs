using NewLoom.Grains.Streams;
using NewLoom.Streams;
using static NewLoom.Tests.Streams.Reports;

namespace NewLoom.Tests.Streams;

public sealed class ReportRulesTests
{
    private const long Max = ReportRules.CountMax;

    [Theory]
    [InlineData(0L, null, null, null)]
    [InlineData(null, Max, null, null)]
    [InlineData(1L, 2L, 3L, null)]
    [InlineData(null, null, 0L, null)]
    [InlineData(5L, null, 4L, "stats.total_count")]
    [InlineData(5L, 1L, 5L, "stats.total_count")]
    [InlineData(-1L, null, null, "stats.processed_count")]
    [InlineData(null, -1L, null, "stats.failed_count")]
    [InlineData(null, null, -1L, "stats.total_count")]
    [InlineData(Max + 1, null, null, "stats.processed_count")]
    [InlineData(null, null, Max + 1, "stats.total_count")]
    [InlineData(Max, 1L, null, "stats.processed_count and stats.failed_count")]
    [InlineData(long.MaxValue, long.MaxValue, null, "stats.processed_count")]
    [InlineData(null, null, null, "stats")]
    public void Counters_AreRefused_OutsideTheirBounds(long? processed, long? failed, long? total, string? named) =>
        AssertNames(named, Stats(processed, failed, total));

    [Theory]
    [InlineData(0.0, null)]
    [InlineData(400_000.0, null)]
    [InlineData(-1.0, "stats.execution_time")]
    [InlineData(1.5, "stats.execution_time")]
    public void ExecutionTime_IsWholeSeconds_NotNegative(double seconds, string? named) =>
        AssertNames(named, Stats(time: TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(5.0, null)]
    [InlineData(3_600.0, null)]
    [InlineData(4.0, "lease_seconds")]
    [InlineData(3_601.0, "lease_seconds")]
    [InlineData(0.0, "lease_seconds")]
    [InlineData(-5.0, "lease_seconds")]
    [InlineData(5.5, "lease_seconds")]
    public void Lease_IsWholeSeconds_From5To3600(double seconds, string? named) => AssertNames(
        named, new StatusReport { Status = StreamStatus.Running, Lease = TimeSpan.FromSeconds(seconds) });

    [Theory]
    [InlineData(StreamStatus.Stalled)]
    [InlineData(StreamStatus.Lost)]
    [InlineData((StreamStatus)8)]
    [InlineData((StreamStatus)(-1))]
    public void Status_IsRefused_WhenNoPublisherMayReportIt(StreamStatus status) =>
        AssertNames("status", Status(status));

    [Theory]
    [InlineData("x", 4_000, "c", 64, null)]
    [InlineData("😀", 4_000, "😀", 64, null)]
    [InlineData("x", 4_001, "c", 1, "error.message")]
    [InlineData("😀", 4_001, "c", 1, "error.message")]
    [InlineData("x", 0, "c", 1, "error.message")]
    [InlineData(" \n", 3, "c", 1, "error.message")]
    [InlineData("x", 1, "c", 65, "error.code")]
    [InlineData("x", 1, "😀", 65, "error.code")]
    [InlineData("x", 1, "c", 0, "error.code")]
    public void ErrorTexts_AreCountedInScalarValues(
        string text, int textCount, string code, int codeCount, string? named) => AssertNames(
            named,
            Error(
                string.Concat(Enumerable.Repeat(code, codeCount)), string.Concat(Enumerable.Repeat(text, textCount))));

    private static void AssertNames(string? named, StreamReport report)
    {
        var problem = ReportRules.FindProblem(report);
        if (named is null)
        {
            Assert.Null(problem);
        }
        else
        {
            Assert.Contains(named, problem, StringComparison.Ordinal);
        }
    }
}
