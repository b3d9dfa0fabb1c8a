using System.Text.Json.Serialization;
using NewLoom.Streams;

namespace NewLoom.Gateway.Frames;

/// <summary>What a publisher says of a stream.</summary>
internal abstract record ReportFrame(long StreamId) : ClientFrame
{
    public override FrameKind Kind => FrameKind.Report;

    /// <summary>The same for the stream's grain; only of a frame without a problem.</summary>
    [JsonIgnore]
    public abstract StreamReport Report { get; }

    public override ErrorNotice About(ErrorNotice error) => error with { StreamId = StreamId };

    public override string? FindProblem() => WireId.FindProblem(StreamId, "stream_id") ?? FindReportProblem();

    protected virtual string? FindReportProblem() => null;
}

internal sealed record StatusUpdateFrame(long StreamId, string Status, int? LeaseSeconds = null)
    : ReportFrame(StreamId)
{
    public override StreamReport Report => new StatusReport
    {
        Status = StatusName.Parse(Status)!.Value,
        Lease = LeaseSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    protected override string? FindReportProblem() => StatusName.FindProblem(Status);
}

internal sealed record ExecutionStatsFrame(long StreamId, ReportedStatsBody Stats) : ReportFrame(StreamId)
{
    public override StreamReport Report => Stats.ToReport();

    protected override string? FindReportProblem() => Stats.FindProblem();
}

internal sealed record ErrorReportFrame(long StreamId, ReportedErrorBody Error) : ReportFrame(StreamId)
{
    public override StreamReport Report => Error.ToReport();

    // Looked at here already: reports wait for their stream, and what is too long must not.
    protected override string? FindReportProblem() => Error.ToReport().FindProblem();
}

internal sealed record StreamName(long StreamId);

internal sealed record SubscribeStreamsFrame(StreamName[] Streams) : ClientFrame
{
    public override FrameKind Kind => FrameKind.Subscribe;

    // Null elements pass the serializer: nullability of elements is not its to know.
    public override string? FindProblem() =>
        Streams.Length == 0
            ? "streams must name at least one stream"
            : Streams.Select(stream => stream is null
                ? "streams must hold objects"
                : WireId.FindProblem(stream.StreamId, "stream_id")).FirstOrDefault(problem => problem is not null);
}

internal sealed record UnsubscribeStreamsFrame(long[] StreamIds) : ClientFrame
{
    public override string? FindProblem() =>
        StreamIds.Length == 0
            ? "stream_ids must name at least one stream"
            : StreamIds.Select(id => WireId.FindProblem(id, "stream_ids"))
                .FirstOrDefault(problem => problem is not null);
}
