namespace NewLoom.Streams;

/// <summary>What one execution has done so far. No value ever falls within an execution.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.stats")]
public sealed record StreamStats
{
    /// <summary>Before the first report: all zero.</summary>
    public static readonly StreamStats None = new() { ProcessedCount = 0, FailedCount = 0, TotalCount = 0 };

    /// <summary>Items that were processed well.</summary>
    [Id(0)] public required long ProcessedCount { get; init; }

    /// <summary>Items that failed.</summary>
    [Id(1)] public required long FailedCount { get; init; }

    /// <summary>Items altogether: as reported, and never less than processed and failed ones.</summary>
    [Id(2)] public required long TotalCount { get; init; }

    /// <summary>How long the execution has been running, whole seconds: as its publisher reported, or else the time
    /// that it spent in <see cref="StreamStatus.Running"/>.</summary>
    [Id(3)] public TimeSpan ExecutionTime { get; init; }

    /// <summary>The later of two states of the same execution: field by field the higher.</summary>
    public static StreamStats Later(StreamStats one, StreamStats other) => new()
    {
        ProcessedCount = Math.Max(one.ProcessedCount, other.ProcessedCount),
        FailedCount = Math.Max(one.FailedCount, other.FailedCount),
        TotalCount = Math.Max(one.TotalCount, other.TotalCount),
        ExecutionTime = one.ExecutionTime > other.ExecutionTime ? one.ExecutionTime : other.ExecutionTime,
    };

    /// <summary>Whether a counter is higher than the other's, whatever the times say.</summary>
    public bool CountsAbove(StreamStats other) =>
        ProcessedCount > other.ProcessedCount || FailedCount > other.FailedCount || TotalCount > other.TotalCount;

    /// <summary>Whether a value is higher than the other's.</summary>
    public bool IsAbove(StreamStats other) =>
        CountsAbove(other) || ExecutionTime > other.ExecutionTime;
}
