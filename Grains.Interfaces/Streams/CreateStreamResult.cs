namespace NewLoom.Streams;

/// <summary>What became of a request for a new stream.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.create-result")]
public sealed record CreateStreamResult
{
    /// <summary>The new stream's id, or 0 when it was refused.</summary>
    [Id(0)] public long StreamId { get; init; }

    /// <summary>Why it was refused.</summary>
    [Id(1)] public StreamRefusal Refusal { get; init; }

    /// <summary>For a developer: which value broke which rule.</summary>
    [Id(2)] public string? Detail { get; init; }
}
