using System.Collections.Immutable;
using Orleans.Concurrency;

namespace NewLoom.Streams;

/// <summary>One stream, a long-running job that reports its state, as its publishers and viewers use it.</summary>
/// <remarks>The key is the stream id. A user without the right, and a stream that does not exist, look alike. Calls
/// throw <see cref="StorageUnavailableException"/> when storage cannot take them; nothing was accepted then.</remarks>
[Alias("newloom.stream")]
public interface IStreamGrain : IGrainWithIntegerKey
{
    /// <summary>Takes reports in their order, each as if alone: one that is refused does not hold up the next.</summary>
    /// <remarks>Statuses and errors are durable when the call returns. Counters are kept in memory, stored about once a
    /// second, and always before a terminal status.</remarks>
    /// <param name="user">Who reports; needs <see cref="StreamRight.Publish"/>.</param>
    /// <param name="reports">1 to 1,000 reports.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("report")]
    Task<ReportResult> ReportAsync(
        string user, ImmutableArray<StreamReport> reports, CancellationToken cancellationToken = default);

    /// <summary>The stream now, or null when <paramref name="user"/> may not view it.</summary>
    [Alias("snapshot")]
    Task<StreamSnapshot?> GetSnapshotAsync(string user, CancellationToken cancellationToken = default);

    /// <summary>Past executions, ascending, from behind <paramref name="after"/>; null when
    /// <paramref name="user"/> may not view the stream.</summary>
    /// <param name="user">Who asks; needs <see cref="StreamRight.View"/>.</param>
    /// <param name="after">The last number of the page before; 0 starts at the first.</param>
    /// <param name="limit">At most so many, 1 to 1,000; fewer when their errors are long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>Answers in the middle of other calls: no report waits for what somebody reads.</remarks>
    [Alias("executions"), AlwaysInterleave]
    Task<ExecutionPage?> ListExecutionsAsync(
        string user, int after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Errors of one execution, also of the current one, oldest first, from behind <paramref name="after"/>;
    /// null when <paramref name="user"/> may not view the stream.</summary>
    /// <param name="user">Who asks; needs <see cref="StreamRight.View"/>.</param>
    /// <param name="execution">The execution's number.</param>
    /// <param name="after">The last <see cref="StreamError.Seq"/> of the page before; 0 starts at the first.</param>
    /// <param name="limit">At most so many, 1 to 1,001.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>Answers in the middle of other calls.</remarks>
    [Alias("errors"), AlwaysInterleave]
    Task<ImmutableArray<StreamError>?> ListErrorsAsync(
        string user, int execution, long after, int limit, CancellationToken cancellationToken = default);
}
