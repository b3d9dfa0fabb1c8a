using System.Collections.Immutable;

namespace NewLoom.Streams;

/// <summary>Some past executions of a stream.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.execution.page")]
public sealed record ExecutionPage
{
    /// <summary>A page ends early behind the execution with which its errors' messages exceed so many UTF-16 units:
    /// 1 Mi. One execution has at most 800,000 of them.</summary>
    public const int TextLengthMax = 1_024 * 1_024;

    /// <summary>Ascending by number, and at least one, if there is any.</summary>
    [Id(0)] public required ImmutableArray<ExecutionSummary> Executions { get; init; }

    /// <summary>Whether there are more behind the last one.</summary>
    [Id(1)] public required bool HasMore { get; init; }
}
