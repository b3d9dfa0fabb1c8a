using NewLoom.Gateway.Frames;
using NewLoom.Streams;

namespace NewLoom.Gateway.Api;

/// <summary>A past execution.</summary>
/// <param name="Execution">Its number, from 1.</param>
/// <param name="Status">A terminal status.</param>
/// <param name="StartedAt">When its first report came.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Stats">The final counters.</param>
/// <param name="Errors">The last 100 errors, oldest first.</param>
/// <param name="ErrorCount">How many errors there are altogether.</param>
internal sealed record ExecutionBody(
    int Execution, string Status, DateTimeOffset StartedAt, DateTimeOffset EndedAt, StatsBody Stats,
    IReadOnlyList<StreamErrorBody> Errors, long ErrorCount)
{
    public static ExecutionBody Of(ExecutionSummary execution) => new(
        execution.Execution, StatusName.Of(execution.Status), execution.StartedAt, execution.EndedAt,
        StatsBody.Of(execution.Stats), [.. execution.Errors.Select(StreamErrorBody.Of)], execution.ErrorCount);
}

/// <summary>Past executions, ascending by number; fewer than `limit` when their errors are long.</summary>
internal sealed record ExecutionsBody(IReadOnlyList<ExecutionBody> Executions, bool HasMore);

/// <summary>An error with its place among the stream's statuses and errors, which pages are read by.</summary>
internal sealed record PlacedErrorBody(long Seq, string Message, string Code, DateTimeOffset Timestamp)
{
    public static PlacedErrorBody Of(StreamError error) =>
        new(error.Seq, error.Message, error.Code, error.Timestamp);
}

/// <summary>Errors of an execution, oldest first.</summary>
internal sealed record ErrorsBody(IReadOnlyList<PlacedErrorBody> Errors, bool HasMore);
