using NewLoom.Streams;

namespace NewLoom.Grains.Streams;

/// <summary>What a report may say, whatever the stream's state.</summary>
internal static class ReportRules
{
    /// <summary>The highest counter: what every client's numbers can hold.</summary>
    public const long CountMax = (1L << 53) - 1;

    /// <summary>What is wrong with the report, naming the wire's field; null when nothing is.</summary>
    public static string? FindProblem(StreamReport report) => report switch
    {
        StatusReport status => FindProblem(status),
        StatsReport stats => FindProblem(stats),
        ErrorReport error => error.FindProblem(),
        _ => "the report is of no known kind",
    };

    private static string? FindProblem(StatusReport report)
    {
        if (!report.Status.IsReportable())
        {
            return "status is not one that a publisher may report";
        }

        return report.Lease is not { } lease
            || (lease >= LeaseRules.Min && lease <= LeaseRules.Max && IsWholeSeconds(lease))
                ? null
                : "lease_seconds must be an integer from 5 to 3600";
    }

    private static string? FindProblem(StatsReport report)
    {
        if (report is { ProcessedCount: null, FailedCount: null, TotalCount: null, ExecutionTime: null })
        {
            return "stats must hold at least one of processed_count, failed_count, total_count, execution_time";
        }

        var given = (report.ProcessedCount ?? 0) + (report.FailedCount ?? 0);
        return FindCountProblem(report.ProcessedCount, "stats.processed_count")
            ?? FindCountProblem(report.FailedCount, "stats.failed_count")
            ?? FindCountProblem(report.TotalCount, "stats.total_count")
            ?? FindCountProblem(given, "the sum of stats.processed_count and stats.failed_count")
            ?? (report.TotalCount < given
                ? "stats.total_count may not be below processed_count + failed_count"
                : null)
            ?? (report.ExecutionTime is not { } time || (time >= TimeSpan.Zero && IsWholeSeconds(time))
                ? null
                : "stats.execution_time must be whole seconds, not negative");
    }

    private static bool IsWholeSeconds(TimeSpan time) => time.Ticks % TimeSpan.TicksPerSecond == 0;

    private static string? FindCountProblem(long? count, string name) =>
        count is null or (>= 0 and <= CountMax) ? null : $"{name} must be an integer from 0 to {CountMax}";
}
