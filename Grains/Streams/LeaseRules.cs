using NewLoom.Streams;

namespace NewLoom.Grains.Streams;

/// <summary>When an execution that promised to report is stalled, and when it is lost.</summary>
internal static class LeaseRules
{
    public static readonly TimeSpan Min = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Max = TimeSpan.FromHours(1);

    /// <summary>After so many leases without a report an execution is given up.</summary>
    private const int LostAfterCount = 3;

    /// <summary>Whether the execution's promise still counts.</summary>
    public static bool IsLeased(this Execution execution) =>
        execution is { Lease: not null, ReportedAt: not null } && !execution.Status.IsTerminal();

    /// <summary>When the execution becomes stalled, or lost if it is stalled already; null without a lease.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="activatedAt">Since when the stream could hear a report: nobody is given up who had less than two
    /// leases' time to report after that.</param>
    public static DateTimeOffset? DueAt(Execution execution, DateTimeOffset activatedAt)
    {
        if (!execution.IsLeased())
        {
            return null;
        }

        var (lease, reportedAt) = (execution.Lease!.Value, execution.ReportedAt!.Value);
        if (execution.Status != StreamStatus.Stalled)
        {
            return reportedAt + lease;
        }

        var lostAt = reportedAt + LostAfterCount * lease;
        var graceEnd = activatedAt + (LostAfterCount - 1) * lease;
        return lostAt > graceEnd ? lostAt : graceEnd;
    }
}
