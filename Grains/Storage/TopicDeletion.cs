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
    private readonly string[] _slices;

    private TopicDeletion(
        string table, string key, string users, IEnumerable<(string Table, string Place)> logs, string close)
    {
        Table = table;
        _close = close;
        _hide = $"UPDATE {table} SET deleted_at = @now WHERE id = @topic AND deleted_at IS NULL RETURNING owner";
        _removeUsers = $"DELETE FROM {users} WHERE {key} = @topic";
        _find = $"SELECT id FROM {table} WHERE deleted_at IS NOT NULL ORDER BY id LIMIT 1";
        _finish = $"DELETE FROM {table} WHERE id = @topic AND deleted_at IS NOT NULL";
        _slices =
        [
            .. logs.Select(log =>
                $"DELETE FROM {log.Table} WHERE {key} = @topic AND {log.Place} < @count + " +
                $"(SELECT min({log.Place}) FROM {log.Table} WHERE {key} = @topic)"),
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

    /// <summary>Whether a topic is out of sight and not deleted yet.</summary>
    public bool HasAny(DatabaseSession session) => session.Query(_find, row => row.GetInt64(0)).Count > 0;

    /// <summary>Deletes a slice of a topic that is out of sight: of each of its logs in turn from the oldest place on,
    /// because an activation that knows of nothing must never find a place free whose predecessor is still there; in
    /// the end the topic.</summary>
    /// <param name="session">The session; the topic is locked until its transaction ends.</param>
    /// <param name="rowCount">How many rows go at most.</param>
    /// <returns>False when there is no such topic, or each is locked by another silo.</returns>
    public bool DeleteSlice(DatabaseSession session, int rowCount)
    {
        if (session.Query($"{_find} FOR UPDATE SKIP LOCKED", row => row.GetInt64(0)) is not [var topicId])
        {
            return false;
        }

        var isEmpty = Array.TrueForAll(
            _slices, slice => session.Execute(slice, ("@topic", topicId), ("@count", rowCount)) == 0);
        if (isEmpty)
        {
            Finish(session, topicId);
        }

        return true;
    }

    /// <summary>Deletes what is left of a topic at once: its id is wanted again.</summary>
    public void Finish(DatabaseSession session, long topicId) => session.Post(_finish, ("@topic", topicId));
}
