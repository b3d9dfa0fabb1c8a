using System.Collections.Immutable;

namespace NewLoom.Streams;

/// <summary>A past execution: nothing in it changes any more.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.execution")]
public sealed record ExecutionSummary
{
    /// <summary>How many errors a summary has at most: the last 100. The others are read with
    /// <see cref="IStreamGrain.ListErrorsAsync"/>.</summary>
    public const int ErrorCountMax = 100;

    /// <summary>Its number, from 1.</summary>
    [Id(0)] public required int Execution { get; init; }

    /// <summary>A terminal status.</summary>
    [Id(1)] public required StreamStatus Status { get; init; }

    /// <summary>When its first report came, UTC.</summary>
    [Id(2)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC.</summary>
    [Id(3)] public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The final counters.</summary>
    [Id(4)] public required StreamStats Stats { get; init; }

    /// <summary>The last errors, oldest first.</summary>
    [Id(5)] public required ImmutableArray<StreamError> Errors { get; init; }

    /// <summary>How many errors there are altogether.</summary>
    [Id(6)] public required long ErrorCount { get; init; }
}
