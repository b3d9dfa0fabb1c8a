using System.Collections.Immutable;

namespace NewLoom.Streams;

/// <summary>What became of some reports, and where the stream is after them.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.report-result")]
public sealed record ReportResult
{
    /// <summary>One for each report, in their order.</summary>
    [Id(0)] public required ImmutableArray<StreamOutcome> Outcomes { get; init; }

    /// <summary>The number of the current execution; 0 when the user may not report to the stream.</summary>
    [Id(1)] public int Execution { get; init; }

    /// <summary>The current status.</summary>
    [Id(2)] public StreamStatus Status { get; init; }

    /// <summary>As <see cref="StreamSnapshot.Version"/>.</summary>
    [Id(3)] public long Version { get; init; }
}
