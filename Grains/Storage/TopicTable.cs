namespace NewLoom.Grains.Storage;

/// <summary>The table that holds the logs of one kind of topic.</summary>
internal sealed class TopicTable
{
    /// <summary>Messages of chats.</summary>
    public static readonly TopicTable Messages = new("messages", "chat_id");

    /// <summary>Statuses and errors of streams.</summary>
    public static readonly TopicTable StreamEvents = new("stream_events", "stream_id");

    private readonly string _lastOfEach;

    private TopicTable(string table, string topic) => _lastOfEach =
        $"SELECT n.topic, (SELECT max(seq) FROM {table} WHERE {topic} = n.topic) FROM unnest(@topics) AS n (topic)";

    /// <summary>The last places of topics in a PostgreSQL database; those that have none are left out.</summary>
    public Dictionary<long, long> FindLast(DatabaseSession session, long[] topicIds) => session.Query(
        _lastOfEach,
        row => (Id: row.GetInt64(0), Seq: row.IsDBNull(1) ? 0 : row.GetInt64(1)),
        ("@topics", topicIds)).Where(row => row.Seq > 0).ToDictionary(row => row.Id, row => row.Seq);
}
