using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Api;

/// <summary>A status to report.</summary>
/// <param name="Status"><c>pending</c>, <c>running</c>, <c>paused</c>, <c>completed</c>, <c>failed</c> or
/// <c>cancelled</c>.</param>
/// <param name="LeaseSeconds">Within how many seconds the publisher promises to report again, 5 to 3600. (default: as
/// before in this execution)</param>
internal sealed record StatusReportBody(string? Status, int? LeaseSeconds);

/// <summary>Counters to report: as in the frame, in <paramref name="Stats"/>, or without that around them.</summary>
/// <param name="Stats">The counters.</param>
/// <param name="ProcessedCount">Items that were processed well.</param>
/// <param name="FailedCount">Items that failed.</param>
/// <param name="TotalCount">Items altogether.</param>
/// <param name="ExecutionTime"><c>HH:MM:SS</c>.</param>
internal sealed record StatsReportBody(
    ReportedStatsBody? Stats, long? ProcessedCount, long? FailedCount, long? TotalCount, string? ExecutionTime)
{
    public ReportedStatsBody Given => Stats ?? new(ProcessedCount, FailedCount, TotalCount, ExecutionTime);
}

/// <summary>An error to report: as in the frame, in <paramref name="Error"/>, or without that around it.</summary>
/// <param name="Error">The error.</param>
/// <param name="Message">For people: 1 to 4,000 characters.</param>
/// <param name="Code">For programs: 1 to 64 characters.</param>
internal sealed record ErrorReportBody(ErrorReportBody.Content? Error, string? Message, string? Code)
{
    public Content Given => Error ?? new Content(Message, Code);

    /// <summary>The error itself.</summary>
    internal sealed record Content(string? Message, string? Code);
}

/// <summary>Where the stream is after a report.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Execution">The current execution.</param>
/// <param name="Status">Its status.</param>
/// <param name="Version">How many statuses and errors the stream has had.</param>
internal sealed record ReportedBody(long StreamId, int Execution, string Status, long Version);
