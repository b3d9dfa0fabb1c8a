using NewLoom.Streams;

namespace NewLoom.Gateway.Frames;

/// <summary>Counters that a publisher reports, the same in frames and in the HTTP API. What is left out stays as it
/// is.</summary>
/// <param name="ProcessedCount">Items that were processed well.</param>
/// <param name="FailedCount">Items that failed.</param>
/// <param name="TotalCount">Items altogether, at least processed and failed ones; their sum unless ever given.</param>
/// <param name="ExecutionTime"><c>HH:MM:SS</c>, hours may pass 99; computed unless ever given.</param>
internal sealed record ReportedStatsBody(
    long? ProcessedCount = null, long? FailedCount = null, long? TotalCount = null, string? ExecutionTime = null)
{
    /// <summary>What is wrong with the form of a report; its values are the stream's to judge.</summary>
    public string? FindProblem() =>
        ExecutionTime is not null && Frames.ExecutionTime.Parse(ExecutionTime) is null
            ? "stats.execution_time must have the form HH:MM:SS"
            : null;

    public StatsReport ToReport() => new()
    {
        ProcessedCount = ProcessedCount,
        FailedCount = FailedCount,
        TotalCount = TotalCount,
        ExecutionTime = ExecutionTime is null ? null : Frames.ExecutionTime.Parse(ExecutionTime),
    };
}
