namespace NewLoom.Grains.Storage;

/// <summary>How chats, or streams, leave their tables: out of sight at once, then the log slice by slice.</summary>
/// <remarks>In one statement a long log would hold up all other writes, and on PostgreSQL fail at the statement
/// timeout.</remarks>
internal sealed class TopicDeletion
{
    /// <summary>Of chats.</summary>
    public static readonly TopicDeletion Chats = new(
        "chats",
        "chat_id",
        users: "chat_members",
        logs: [("messages", "seq")],
        close: """
            INSERT INTO messages (chat_id, seq, sender, content, timestamp)
            SELECT @topic, coalesce(max(seq), 0) + 1, '', '', @now FROM messages WHERE chat_id = @topic
            ON CONFLICT DO NOTHING
            """);

    /// <summary>Of streams.</summary>
    public static readonly TopicDeletion Streams = new(
        "streams",
        "stream_id",
        users: "stream_rights",
        logs: [("stream_events", "seq"), ("executions", "number")],
        close: """
            INSERT INTO stream_events (stream_id, seq, execution, timestamp)
            SELECT @topic, coalesce(max(seq), 0) + 1, 0, @now FROM stream_events WHERE stream_id = @topic
            ON CONFLICT DO NOTHING
            """);

    private readonly string _close;
    private readonly string _hide;
    private readonly string _removeUsers;
    private readonly string _find;
    private readonly string _finish;
    private readonly Log[] _logs;

    private TopicDeletion(
        string table, string key, string users, IEnumerable<(string Table, string Place)> logs, string close)
    {
        Table = table;
        _close = close;
        _hide = $"UPDATE {table} SET deleted_at = @now WHERE id = @topic AND deleted_at IS NULL RETURNING owner";
        _removeUsers = $"DELETE FROM {users} WHERE {key} = @topic";
        _find = $"SELECT id FROM {table} WHERE deleted_at IS NOT NULL ORDER BY id LIMIT 1";
        _finish = $"DELETE FROM {table} WHERE id = @topic AND deleted_at IS NOT NULL";
        _logs =
        [
            .. logs.Select(log => new Log(
                $"SELECT min({log.Place}), max({log.Place}) FROM {log.Table} WHERE {key} = @topic",
                $"DELETE FROM {log.Table} WHERE {key} = @topic AND {log.Place} >= @from AND {log.Place} < @to")),
        ];
    }

    /// <summary>The table of the topics.</summary>
    public string Table { get; }

    /// <summary>Puts a topic out of sight, takes everybody's rights on it, and closes its log.</summary>
    /// <remarks>The place behind the last one is taken: an activation that knows of nothing finds no other free, until
    /// it and those before it are gone.</remarks>
    /// <returns>Whose it was; null when there is no such topic.</returns>
    /// <exception cref="StorageUnavailableException">Another silo is writing to it.</exception>
    public string? Hide(DatabaseSession session, long topicId, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        var owners = session.Query(_hide, row => row.GetString(0), ("@now", at), ("@topic", topicId));
        if (owners is not [var owner])
        {
            return null;
        }

        session.Post(_removeUsers, ("@topic", topicId));
        return session.Claim(_close, ("@topic", topicId), ("@now", at))
            ? owner
            : throw new StorageUnavailableException($"Somebody else writes to {topicId} of {Table} now.");
    }

    /// <summary>Finds a topic that is out of sight, and what is left of it.</summary>
    public Remains? Find(DatabaseSession session)
    {
        if (session.Query(_find, row => row.GetInt64(0)) is not [var topicId])
        {
            return null;
        }

        return new Remains(topicId, [.. _logs.Select(log => session.Query(
            log.Ends,
            row => row.IsDBNull(0) ? (0, -1) : (row.GetInt64(0), row.GetInt64(1)),
            ("@topic", topicId)).Single())]);
    }

    /// <summary>The statements that delete what is left, in their order; each of them changes at most
    /// <paramref name="rowCount"/> rows.</summary>
    public IEnumerable<StorageStatement> Slices(Remains remains, int rowCount)
    {
        // From the oldest place on: an activation that knows of nothing must never find a place free whose predecessor
        // is still there.
        for (var i = 0; i < _logs.Length; i++)
        {
            for (var from = remains.Ends[i].First; from <= remains.Ends[i].Last; from += rowCount)
            {
                yield return new StorageStatement(
                    _logs[i].Delete, ("@topic", remains.TopicId), ("@from", from), ("@to", from + rowCount));
            }
        }

        yield return new StorageStatement(_finish, ("@topic", remains.TopicId));
    }

    /// <summary>Deletes what is left of a topic at once: its id is wanted again.</summary>
    public void Finish(DatabaseSession session, long topicId) => session.Post(_finish, ("@topic", topicId));

    /// <summary>What is left of a topic.</summary>
    /// <param name="TopicId">Which.</param>
    /// <param name="Ends">The first and the last place of each of its logs.</param>
    public sealed record Remains(long TopicId, (long First, long Last)[] Ends);

    private sealed record Log(string Ends, string Delete);
}
