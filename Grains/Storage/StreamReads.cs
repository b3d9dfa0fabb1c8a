using System.Collections.Immutable;
using System.Data.Common;
using NewLoom.Grains.Streams;
using NewLoom.Streams;

namespace NewLoom.Grains.Storage;

/// <summary>The queries on streams, rights and executions.</summary>
internal static class StreamReads
{
    private const string ErrorColumns = "seq, error_message, error_code, timestamp";

    // Named, because SQLite would rather walk the primary key, past all statuses and errors of the stream: with 200,000
    // of them a page of 500 executions took 10.7 s, and takes 0.15 s so (measured in November 2026).
    private const string Errors = "stream_events INDEXED BY stream_errors";

    /// <summary>The stream with its rights and its current execution, or null.</summary>
    public static StreamRecord? Load(DatabaseSession session, long streamId)
    {
        var rights = session.Query(
            """SELECT "user", can_view, can_publish FROM stream_rights WHERE stream_id = @stream ORDER BY granted""",
            row => new RightsRecord(row.GetString(0), row.GetBoolean(1), row.GetBoolean(2)),
            ("@stream", streamId));
        var stream = session.Query(
            $"""
            SELECT name, owner, coalesce(seq, 0), coalesce(timestamp, 0), {ExecutionRows.Columns}
            FROM (SELECT name, owner FROM streams WHERE id = @stream AND deleted_at IS NULL) stream
            JOIN (SELECT {ExecutionRows.Columns} FROM executions
                WHERE stream_id = @stream ORDER BY number DESC LIMIT 1) current ON true
            LEFT JOIN (SELECT seq, timestamp FROM stream_events
                WHERE stream_id = @stream ORDER BY seq DESC LIMIT 1) last ON true
            """,
            row => new StreamRecord
            {
                Name = row.GetString(0),
                Owner = row.GetString(1),
                LastSeq = row.GetInt64(2),
                LastTimestamp = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
                Rights = rights,
                Execution = ExecutionRows.Read(row, from: 4),
                Errors = [],
            },
            ("@stream", streamId)).SingleOrDefault();
        return stream is null ? null : stream with
        {
            Errors = LastErrors(session, streamId, stream.Execution.Number, StreamSnapshot.ErrorCountMax),
        };
    }

    /// <summary>Statuses and errors between two places, ascending.</summary>
    public static ImmutableArray<StreamEvent> Read(
        DatabaseSession session, long streamId, long after, long through, int limit) =>
        [.. session.Query(
            $"""
            SELECT seq, execution, timestamp, new_status, error_message, error_code, {ExecutionRows.Columns}
            FROM stream_events e JOIN executions x ON x.stream_id = e.stream_id AND x.number = e.execution
            WHERE e.stream_id = @stream AND seq > @after AND seq <= @through ORDER BY seq LIMIT @limit
            """,
            row => ToEvent(streamId, row),
            ("@stream", streamId),
            ("@after", after),
            ("@through", through),
            ("@limit", limit))];

    /// <summary>The streams that a user owns or has a right on, ascending by id.</summary>
    public static ImmutableArray<StreamInfo> List(DatabaseSession session, string user, long after, int limit) =>
        [.. session.Query(
            """
            SELECT s.id, s.name, s.owner, coalesce(r.can_view, false), coalesce(r.can_publish, false)
            FROM (SELECT id FROM streams WHERE owner = @user AND id > @after AND deleted_at IS NULL
                UNION SELECT stream_id FROM stream_rights WHERE "user" = @user AND stream_id > @after
                ORDER BY 1 LIMIT @limit) mine
            JOIN streams s ON s.id = mine.id AND s.deleted_at IS NULL
            LEFT JOIN stream_rights r ON r.stream_id = s.id AND r."user" = @user
            ORDER BY s.id
            """,
            row => new StreamInfo
            {
                StreamId = row.GetInt64(0),
                Name = row.GetString(1),
                Owner = row.GetString(2),
                CanView = row.GetBoolean(3),
                CanPublish = row.GetBoolean(4),
            },
            ("@user", user),
            ("@after", after),
            ("@limit", limit))];

    /// <summary>Those of the users who have a right on at least <paramref name="limit"/> streams.</summary>
    public static ImmutableArray<string> FindUsersAtLimit(
        DatabaseSession session, IReadOnlyList<string> users, int limit) =>
        [.. users.Where(user => session.Query(
            """SELECT count(*) FROM (SELECT 1 FROM stream_rights WHERE "user" = @user LIMIT @limit) found""",
            row => row.GetInt64(0),
            ("@user", user),
            ("@limit", limit)).Single() >= limit)];

    /// <summary>Executions that have ended, ascending, with their last errors.</summary>
    public static ExecutionPage ListExecutions(DatabaseSession session, long streamId, int after, int limit)
    {
        var found = session.Query(
            $"""
            SELECT {ExecutionRows.Columns},
                (SELECT count(*) FROM {Errors}
                WHERE stream_id = @stream AND execution = number AND error_code IS NOT NULL)
            FROM executions
            WHERE stream_id = @stream AND number > @after AND ended_at IS NOT NULL ORDER BY number LIMIT @limit
            """,
            row => (Execution: ExecutionRows.Read(row), ErrorCount: row.GetInt64(13)),
            ("@stream", streamId),
            ("@after", after),
            ("@limit", limit + 1));
        var page = ImmutableArray.CreateBuilder<ExecutionSummary>();
        var textLength = 0;
        foreach (var (execution, errorCount) in found.Take(limit))
        {
            if (textLength > ExecutionPage.TextLengthMax)
            {
                break;
            }

            page.Add(Summarise(session, streamId, execution, errorCount));
            textLength += page[^1].Errors.Sum(error => error.Message.Length);
        }

        return new ExecutionPage { Executions = page.ToImmutable(), HasMore = page.Count < found.Count };
    }

    private static ExecutionSummary Summarise(
        DatabaseSession session, long streamId, Execution execution, long errorCount) => new()
        {
            Execution = execution.Number,
            Status = execution.Status,
            StartedAt = execution.StartedAt ?? execution.EndedAt!.Value,
            EndedAt = execution.EndedAt!.Value,
            Stats = execution.StatsAt(execution.EndedAt.Value),
            Errors = LastErrors(session, streamId, execution.Number, ExecutionSummary.ErrorCountMax),
            ErrorCount = errorCount,
        };

    /// <summary>Errors of one execution, oldest first.</summary>
    public static ImmutableArray<StreamError> ListErrors(
        DatabaseSession session, long streamId, int execution, long after, int limit) =>
        [.. session.Query(
            $"""
            SELECT {ErrorColumns} FROM {Errors}
            WHERE stream_id = @stream AND execution = @execution AND error_code IS NOT NULL AND seq > @after
            ORDER BY seq LIMIT @limit
            """,
            ReadError,
            ("@stream", streamId),
            ("@execution", execution),
            ("@after", after),
            ("@limit", limit))];

    private static ImmutableArray<StreamError> LastErrors(
        DatabaseSession session, long streamId, int execution, int limit)
    {
        var errors = session.Query(
            $"""
            SELECT {ErrorColumns} FROM {Errors}
            WHERE stream_id = @stream AND execution = @execution AND error_code IS NOT NULL
            ORDER BY seq DESC LIMIT @limit
            """,
            ReadError,
            ("@stream", streamId),
            ("@execution", execution),
            ("@limit", limit));
        errors.Reverse();
        return [.. errors];
    }

    private static StreamError ReadError(DbDataReader row) => new()
    {
        Seq = row.GetInt64(0),
        Message = row.GetString(1),
        Code = row.GetString(2),
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
    };

    private static StreamEvent ToEvent(long streamId, DbDataReader row)
    {
        var (seq, number) = (row.GetInt64(0), row.GetInt32(1));
        var timestamp = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2));
        if (row.IsDBNull(3))
        {
            var error = new StreamError
            {
                Seq = seq,
                Message = row.GetString(4),
                Code = row.GetString(5),
                Timestamp = timestamp,
            };
            return new ErrorReported { TopicId = streamId, Position = default, Execution = number, Error = error };
        }

        var status = (StreamStatus)row.GetInt32(3);
        var execution = ExecutionRows.Read(row, from: 6);
        return new StatusChanged
        {
            TopicId = streamId,
            Position = default,
            Execution = number,
            Seq = seq,
            Status = status,
            Timestamp = timestamp,
            FinalStats = status.IsTerminal() ? execution.StatsAt(timestamp) : null,
        };
    }
}
