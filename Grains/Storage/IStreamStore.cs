using System.Collections.Immutable;
using NewLoom.Grains.Streams;
using NewLoom.Streams;

namespace NewLoom.Grains.Storage;

/// <summary>Streams, rights, executions, statuses and errors in their tables.</summary>
/// <remarks>Writes go through the same queue as the message log's appends, so that they commit in the order of the
/// calls, and return once they are durable. All methods throw <see cref="StorageUnavailableException"/> when the
/// storage cannot do it now; nothing was changed then. They never block the caller's thread. Changes of
/// rights and owners are recorded with their actor (see <see cref="IAuditStore"/>) in the same transaction.</remarks>
public interface IStreamStore
{
    /// <summary>The stream with its rights and its current execution, or null when there is none.</summary>
    Task<StreamRecord?> LoadAsync(long streamId, CancellationToken cancellationToken);

    /// <summary>Creates a stream whose first execution is pending; ids that are handed out start at 1000.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="streamId">The id, or null to be given the next one.</param>
    /// <param name="name">1 to 200 characters.</param>
    /// <param name="owner">Username of the owner.</param>
    /// <param name="rights">The rights, each user once, in the order in which they were given.</param>
    /// <returns>The stream's id.</returns>
    /// <exception cref="InvalidOperationException">There is a stream with this id.</exception>
    Task<long> CreateAsync(
        string actor, long? streamId, string name, string owner, IReadOnlyList<RightsRecord> rights);

    /// <summary>Deletes a stream with its rights; what it held is out of sight, and goes soon after.</summary>
    Task DeleteAsync(string actor, long streamId);

    /// <summary>Sets a user's rights; without any, the row goes. A user who has a row keeps its place in the order.
    /// With <paramref name="newOwner"/>, passes the ownership on in the same transaction.</summary>
    Task SetRightsAsync(string actor, long streamId, RightsRecord rights, string? newOwner = null);

    /// <summary>Appends statuses and errors at the tail's end, and writes the execution as it is after them: all or
    /// nothing.</summary>
    /// <param name="tail">The stream's tail in the calling activation.</param>
    /// <param name="events">At least one, in their order; they are given the places behind the tail's last.</param>
    /// <param name="executions">The executions that the events concern, as they are after them: usually one, two when
    /// the next one started.</param>
    /// <returns>Once it is durable: <see cref="AppendOutcome.Stored"/>, or <see cref="AppendOutcome.Fenced"/> when
    /// another activation has written to the stream, or the stream is gone; nothing was added then.</returns>
    Task<AppendOutcome> AppendAsync(
        LogTail tail, ImmutableArray<EventRecord> events, ImmutableArray<Execution> executions);

    /// <summary>Writes counters, and when the last report came, of executions that have not ended; those that have are
    /// left alone. Values never fall.</summary>
    /// <param name="executions">By stream id; at most 1,000.</param>
    Task SaveStatsAsync(IReadOnlyCollection<KeyValuePair<long, Execution>> executions);

    /// <summary>Statuses and errors with <paramref name="afterSeq"/> &lt; seq &lt;= <paramref name="throughSeq"/>,
    /// ascending, the oldest <paramref name="limit"/> of them. A terminal status has the final counters with it.
    /// Positions are left at their default.</summary>
    Task<ImmutableArray<StreamEvent>> ReadAsync(
        long streamId, long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken);

    /// <summary>The streams that a user owns or has a right on, ascending by id, from behind
    /// <paramref name="after"/>.</summary>
    Task<ImmutableArray<StreamInfo>> ListStreamsAsync(
        string user, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Those of the users who have a right on at least <paramref name="limit"/> streams.</summary>
    Task<ImmutableArray<string>> FindUsersAtLimitAsync(
        IReadOnlyList<string> users, int limit, CancellationToken cancellationToken);

    /// <summary>Executions that have ended, ascending by number, from behind <paramref name="after"/>.</summary>
    Task<ExecutionPage> ListExecutionsAsync(
        long streamId, int after, int limit, CancellationToken cancellationToken);

    /// <summary>Errors of one execution, oldest first, from behind the place <paramref name="after"/>.</summary>
    Task<ImmutableArray<StreamError>> ListErrorsAsync(
        long streamId, int execution, long after, int limit, CancellationToken cancellationToken);
}
