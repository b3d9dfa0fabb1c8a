using System.Collections.Immutable;
using NewLoom.Grains.Streams;
using NewLoom.Streams;

namespace NewLoom.Grains.Storage;

/// <summary>Streams, rights, executions, statuses and errors in a SQLite file.</summary>
/// <remarks>A write to a stream that is not there changes nothing.</remarks>
internal sealed class SqliteStreamStore(SqliteWriter writer, SqliteReaders readers, TimeProvider time) : IStreamStore
{
    private const string SetRights = """
        INSERT INTO stream_rights (stream_id, user, can_view, can_publish)
        SELECT id, @user, @view, @publish FROM streams WHERE id = @stream
        ON CONFLICT (stream_id, user) DO UPDATE SET can_view = excluded.can_view, can_publish = excluded.can_publish
        """;

    /// <inheritdoc/>
    public Task<StreamRecord?> LoadAsync(long streamId, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => StreamReads.Load(session, streamId), cancellationToken);

    /// <inheritdoc/>
    public Task<long> CreateAsync(long? streamId, string name, string owner, IReadOnlyList<RightsRecord> rights)
    {
        var createdAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        return writer.WriteAsync(new SqliteStatements<long>(session =>
        {
            var id = InsertStream(session, streamId, name, owner, createdAt);
            ExecutionRows.Write(session, id, new Execution { Number = 1, Status = StreamStatus.Pending });
            foreach (var right in rights)
            {
                Set(session, id, right);
            }

            return id;
        }));
    }

    /// <inheritdoc/>
    public Task DeleteAsync(long streamId) =>
        WriteAsync(session => session.Execute("DELETE FROM streams WHERE id = @stream", ("@stream", streamId)));

    /// <inheritdoc/>
    public Task SetRightsAsync(long streamId, RightsRecord rights, string? newOwner) =>
        WriteAsync(session =>
        {
            if (newOwner is not null)
            {
                session.Execute(
                    "UPDATE streams SET owner = @owner WHERE id = @stream",
                    ("@owner", newOwner),
                    ("@stream", streamId));
            }

            return rights.CanView || rights.CanPublish
                ? Set(session, streamId, rights)
                : session.Execute(
                    "DELETE FROM stream_rights WHERE stream_id = @stream AND user = @user",
                    ("@stream", streamId),
                    ("@user", rights.User));
        });

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

    private static int Set(SqliteSession session, long streamId, RightsRecord rights) => session.Execute(
        SetRights,
        ("@user", rights.User),
        ("@view", rights.CanView ? 1 : 0),
        ("@publish", rights.CanPublish ? 1 : 0),
        ("@stream", streamId));

    private static long InsertStream(
        SqliteSession session, long? streamId, string name, string owner, long createdAt)
    {
        var added = session.Execute(
            """
            INSERT INTO streams (id, name, owner, created_at) VALUES (@stream, @name, @owner, @created)
            ON CONFLICT (id) DO NOTHING
            """,
            ("@stream", streamId),
            ("@name", name),
            ("@owner", owner),
            ("@created", createdAt));
        return added == 1
            ? session.LastInsertId
            : throw new InvalidOperationException($"There is a stream {streamId} already.");
    }

    private Task<int> WriteAsync(Func<SqliteSession, int> run) => writer.WriteAsync(new SqliteStatements<int>(run));
}
