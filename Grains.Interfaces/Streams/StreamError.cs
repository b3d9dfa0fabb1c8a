namespace NewLoom.Streams;

/// <summary>Something that went wrong in an execution.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.error")]
public sealed record StreamError
{
    /// <summary>The code of the error that the service reports when an execution is lost.</summary>
    public const string LeaseExpired = "LEASE_EXPIRED";

    /// <summary>Its place among the stream's statuses and errors.</summary>
    [Id(0)] public required long Seq { get; init; }

    /// <summary>For people.</summary>
    [Id(1)] public required string Message { get; init; }

    /// <summary>For programs.</summary>
    [Id(2)] public required string Code { get; init; }

    /// <summary>When the service took it, UTC, whole milliseconds.</summary>
    [Id(3)] public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Leaves the text out of logs.</summary>
    public override string ToString() => $"{Seq}: {Code}";
}
