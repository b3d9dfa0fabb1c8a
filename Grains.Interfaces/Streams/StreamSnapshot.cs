using System.Collections.Immutable;

namespace NewLoom.Streams;

/// <summary>A stream as its viewers see it at one moment.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.snapshot")]
public sealed record StreamSnapshot
{
    /// <summary>How many errors a snapshot has at most: the last 20.</summary>
    public const int ErrorCountMax = 20;

    /// <summary>The stream.</summary>
    [Id(0)] public required long StreamId { get; init; }

    /// <summary>1 to 200 characters.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>The number of the current execution, from 1.</summary>
    [Id(2)] public required int Execution { get; init; }

    /// <summary>The status of that execution.</summary>
    [Id(3)] public required StreamStatus Status { get; init; }

    /// <summary>Its counters, in an ended execution the final ones.</summary>
    [Id(4)] public required StreamStats Stats { get; init; }

    /// <summary>Its last errors, oldest first.</summary>
    [Id(5)] public required ImmutableArray<StreamError> Errors { get; init; }

    /// <summary>The place of the stream's last status or error; 0 before the first. Rises by one with each.</summary>
    [Id(6)] public required long Version { get; init; }
}
