namespace NewLoom.Streams;

/// <summary>What became of a report, or of another request that has no other result.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.outcome")]
public sealed record StreamOutcome
{
    /// <summary>It was done, or had been done before.</summary>
    public static readonly StreamOutcome Done = new();

    /// <summary>Why it was refused.</summary>
    [Id(0)] public StreamRefusal Refusal { get; init; }

    /// <summary>For a developer: which value broke which rule.</summary>
    [Id(1)] public string? Detail { get; init; }

    /// <summary>A refusal as an outcome.</summary>
    public static StreamOutcome Refused(StreamRefusal refusal, string? detail = null) =>
        new() { Refusal = refusal, Detail = detail };
}
