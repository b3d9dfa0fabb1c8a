using NewLoom.Streams;

namespace NewLoom.Grains.Streams;

/// <summary>One run of a stream: what its publisher said, and what follows from it. One row of the table
/// <c>executions</c>.</summary>
public sealed record Execution
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>How far it has come.</summary>
    public required StreamStatus Status { get; init; }

    /// <summary>When its first report came; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its terminal status came; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When its publisher reported last; null before the first time.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>Within what time its publisher promised to report again; null: no promise.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>Time spent in <see cref="StreamStatus.Running"/> before <see cref="RunningSince"/>.</summary>
    public TimeSpan RanFor { get; init; }

    /// <summary>Since when it has been running; null when it is not.</summary>
    public DateTimeOffset? RunningSince { get; init; }

    /// <summary>Whether counters were ever reported.</summary>
    public bool HasStats { get; init; }

    /// <summary>Items that were processed well; never falls.</summary>
    public long ProcessedCount { get; init; }

    /// <summary>Items that failed; never falls.</summary>
    public long FailedCount { get; init; }

    /// <summary>As reported; 0 when it never was.</summary>
    public long ReportedTotal { get; init; }

    /// <summary>As reported; null when it never was, and the time it ran counts.</summary>
    public TimeSpan? ReportedTime { get; init; }

    /// <summary>The counters as viewers see them at a moment.</summary>
    public StreamStats StatsAt(DateTimeOffset now) => new()
    {
        ProcessedCount = ProcessedCount,
        FailedCount = FailedCount,
        TotalCount = Math.Max(ReportedTotal, ProcessedCount + FailedCount),
        ExecutionTime = ReportedTime ?? WholeSeconds(RanFor + (now - RunningSince ?? TimeSpan.Zero)),
    };

    private static TimeSpan WholeSeconds(TimeSpan time) =>
        TimeSpan.FromSeconds(Math.Floor(Math.Max(0, time.TotalSeconds)));
}
