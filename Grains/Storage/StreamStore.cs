using System.Collections.Immutable;
using NewLoom.Audit;
using NewLoom.Grains.Streams;
using NewLoom.Streams;

namespace NewLoom.Grains.Storage;

/// <summary>Streams, rights, executions, statuses and errors in their tables.</summary>
/// <remarks>A write to a stream that is not there changes nothing.</remarks>
internal sealed class StreamStore(StorageWriter writer, StorageReaders readers, TimeProvider time) : IStreamStore
{
    /// <inheritdoc/>
    public Task<StreamRecord?> LoadAsync(long streamId, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => StreamReads.Load(session, streamId), cancellationToken);

    /// <inheritdoc/>
    public Task<long> CreateAsync(
        string actor, long? streamId, string name, string owner, IReadOnlyList<RightsRecord> rights)
    {
        var now = time.GetUtcNow();
        return writer.WriteAsync(new StorageStatements<long>(session =>
        {
            var id = InsertStream(session, streamId, name, owner, now.ToUnixTimeMilliseconds());
            ExecutionRows.Write(session, id, new Execution { Number = 1, Status = StreamStatus.Pending });
            var rows = new StreamRightRows(session, now, actor, id);
            rows.Record(AuditAction.StreamCreated, owner);
            foreach (var right in rights)
            {
                rows.Add(right);
            }

            return id;
        }));
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string actor, long streamId)
    {
        var now = time.GetUtcNow();
        return WriteAsync(session => TopicDeletion.Streams.Hide(session, streamId, now) is { } owner
            ? new StreamRightRows(session, now, actor, streamId).Record(AuditAction.StreamDeleted, owner)
            : 0);
    }

    /// <inheritdoc/>
    public Task SetRightsAsync(string actor, long streamId, RightsRecord rights, string? newOwner)
    {
        var now = time.GetUtcNow();
        return WriteAsync(session =>
        {
            var rows = new StreamRightRows(session, now, actor, streamId);
            var count = rows.Set(rights);
            return count + (newOwner is null ? 0 : rows.SetOwner(newOwner));
        });
    }

    /// <inheritdoc/>
    public Task<AppendOutcome> AppendAsync(
        LogTail tail, ImmutableArray<EventRecord> events, ImmutableArray<Execution> executions) =>
        writer.WriteAsync(new EventAppend(tail, events, executions));

    /// <inheritdoc/>
    public Task SaveStatsAsync(IReadOnlyCollection<KeyValuePair<long, Execution>> executions) =>
        WriteAsync(session =>
        {
            foreach (var (streamId, execution) in executions)
            {
                ExecutionRows.WriteStats(session, streamId, execution);
            }

            return executions.Count;
        });

    /// <inheritdoc/>
    public Task<ImmutableArray<StreamEvent>> ReadAsync(
        long streamId, long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => StreamReads.Read(session, streamId, afterSeq, throughSeq, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<StreamInfo>> ListStreamsAsync(
        string user, long after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => StreamReads.List(session, user, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> FindUsersAtLimitAsync(
        IReadOnlyList<string> users, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => StreamReads.FindUsersAtLimit(session, users, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ExecutionPage> ListExecutionsAsync(
        long streamId, int after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => StreamReads.ListExecutions(session, streamId, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<StreamError>> ListErrorsAsync(
        long streamId, int execution, long after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => StreamReads.ListErrors(session, streamId, execution, after, limit), cancellationToken);

    private static long InsertStream(
        DatabaseSession session, long? streamId, string name, string owner, long createdAt)
    {
        if (streamId is { } wanted)
        {
            TopicDeletion.Streams.Finish(session, wanted);
        }

        // A database server counts its ids on only where none is given.
        var id = streamId is null
            ? session.Insert(
                "INSERT INTO streams (name, owner, created_at) VALUES (@name, @owner, @created)",
                ("@name", name),
                ("@owner", owner),
                ("@created", createdAt))
            : session.Insert(
                """
                INSERT INTO streams (id, name, owner, created_at) VALUES (@stream, @name, @owner, @created)
                ON CONFLICT (id) DO NOTHING
                """,
                ("@stream", streamId),
                ("@name", name),
                ("@owner", owner),
                ("@created", createdAt));
        return id ?? throw new InvalidOperationException($"There is a stream {streamId} already.");
    }

    private Task<int> WriteAsync(Func<DatabaseSession, int> run) => writer.WriteAsync(new StorageStatements<int>(run));
}
