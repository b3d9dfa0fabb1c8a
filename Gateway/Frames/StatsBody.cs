using NewLoom.Streams;

namespace NewLoom.Gateway.Frames;

/// <summary>Counters of an execution, the same in frames and in the HTTP API.</summary>
/// <param name="ProcessedCount">Items that were processed well.</param>
/// <param name="FailedCount">Items that failed.</param>
/// <param name="TotalCount">Items altogether, at least processed and failed ones.</param>
/// <param name="ExecutionTime">For how long it has been running: <c>HH:MM:SS</c>, hours may pass 99.</param>
internal sealed record StatsBody(long ProcessedCount, long FailedCount, long TotalCount, string ExecutionTime)
{
    public static StatsBody Of(StreamStats stats) => new(
        stats.ProcessedCount, stats.FailedCount, stats.TotalCount, Frames.ExecutionTime.Format(stats.ExecutionTime));
}
