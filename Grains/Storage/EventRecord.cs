using NewLoom.Streams;

namespace NewLoom.Grains.Storage;

/// <summary>A status or an error that waits for its place: one row of the table <c>stream_events</c>.</summary>
public sealed record EventRecord
{
    /// <summary>The execution that it belongs to.</summary>
    public required int Execution { get; init; }

    /// <summary>When the service took it, whole milliseconds.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The status; null for an error.</summary>
    public StreamStatus? Status { get; init; }

    /// <summary>The error's text; null for a status.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The error's code; null for a status.</summary>
    public string? ErrorCode { get; init; }
}
