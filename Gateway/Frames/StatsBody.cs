using NewLoom.Streams;

namespace NewLoom.Gateway.Frames;

/// <summary>Counters of an execution, the same in frames and in the HTTP API.</summary>
/// <param name="ProcessedCount">Items that were processed well.</param>
/// <param name="FailedCount">Items that failed.</param>
/// <param name="TotalCount">Items altogether, at least processed and failed ones; their sum unless given.</param>
/// <param name="ExecutionTime"><c>HH:MM:SS</c>, hours may pass 99; computed unless given.</param>
internal sealed record StatsBody(
    long? ProcessedCount = null, long? FailedCount = null, long? TotalCount = null, string? ExecutionTime = null)
{
    public static StatsBody Of(StreamStats stats) => new(
        stats.ProcessedCount, stats.FailedCount, stats.TotalCount, Frames.ExecutionTime.Format(stats.ExecutionTime));

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
