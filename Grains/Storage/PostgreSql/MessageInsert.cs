namespace NewLoom.Grains.Storage.PostgreSql;

/// <summary>Many messages of many chats in one statement.</summary>
internal sealed class MessageInsert
{
    // Ids are given out in the order of the places: within a chat they rise with seq. The place before a chat's first
    // row must be taken, as in MessageAppend; the others stand behind that one. Subqueries instead of EXISTS, which the
    // planner may turn into one pass over all messages that ever were.
    private const string Insert = """
        INSERT INTO messages (chat_id, seq, sender, content, timestamp, client_id)
        SELECT n.chat_id, n.seq, n.sender, n.content, n.timestamp, n.client_id
        FROM unnest(@chats, @seqs, @senders, @contents, @timestamps, @clients, @firsts) WITH ORDINALITY
            AS n (chat_id, seq, sender, content, timestamp, client_id, is_first, place)
        WHERE NOT n.is_first OR CASE WHEN n.seq = 1
            THEN (SELECT true FROM chats c WHERE c.id = n.chat_id AND c.deleted_at IS NULL)
            ELSE (SELECT true FROM messages m WHERE m.chat_id = n.chat_id AND m.seq = n.seq - 1) END
        ORDER BY n.place
        ON CONFLICT DO NOTHING
        RETURNING id, chat_id, seq
        """;

    private readonly List<(MessageAppend Append, long Seq)> _rows = [];
    private readonly Dictionary<LogTail, long> _ends = [];
    private readonly List<MessageAppend> _fenced = [];
    private readonly Dictionary<long, LogTail> _tailOf = [];
    private readonly HashSet<LogTail> _doubtful = [];
    private readonly List<bool> _isFirst = [];
    private Dictionary<(long ChatId, long Seq), long> _ids = [];

    /// <summary>Gives the messages their places.</summary>
    public MessageInsert(IReadOnlyList<MessageAppend> messages, BatchTails tails)
    {
        foreach (var message in messages)
        {
            Add(message, tails);
        }
    }

    /// <summary>Whether a message of this tail could not be stored.</summary>
    public bool IsDoubtful(LogTail tail) => _doubtful.Contains(tail);

    /// <summary>Stores them.</summary>
    /// <returns>False when one got no row: <see cref="IsDoubtful"/> says of which tails.</returns>
    public bool TryRun(PostgreSqlSession session)
    {
        if (_rows.Count > 0 && _doubtful.Count == 0)
        {
            _ids = session.Query(
                Insert,
                row => (Place: (row.GetInt64(1), row.GetInt64(2)), Id: row.GetInt64(0)),
                ("@chats", _rows.Select(row => row.Append.Tail.TopicId).ToArray()),
                ("@seqs", _rows.Select(row => row.Seq).ToArray()),
                ("@senders", _rows.Select(row => row.Append.Draft.User).ToArray()),
                ("@contents", _rows.Select(row => row.Append.Draft.Content).ToArray()),
                ("@timestamps", _rows.Select(row => row.Append.Timestamp).ToArray()),
                ("@clients", _rows.Select(row => row.Append.Draft.ClientId).ToArray()),
                ("@firsts", _isFirst.ToArray())).ToDictionary(row => row.Place, row => row.Id);
            foreach (var (append, seq) in _rows)
            {
                if (!_ids.ContainsKey((append.Tail.TopicId, seq)))
                {
                    _doubtful.Add(append.Tail);
                }
            }
        }

        return _doubtful.Count == 0;
    }

    /// <summary>Moves the tails, and gives each message its answer.</summary>
    public void Complete(BatchTails tails)
    {
        foreach (var (append, seq) in _rows)
        {
            tails.Advance(append.Tail);
            append.Store(_ids[(append.Tail.TopicId, seq)], seq);
        }

        foreach (var append in _fenced)
        {
            append.Fence();
        }
    }

    private void Add(MessageAppend message, BatchTails tails)
    {
        if (_ends.TryGetValue(message.Tail, out var end))
        {
            _isFirst.Add(false);
        }
        else if (tails.FindLastSeq(message.Tail) is { } lastSeq)
        {
            end = lastSeq;
            _isFirst.Add(true);
        }
        else
        {
            _fenced.Add(message);
            return;
        }

        if (!_tailOf.TryAdd(message.Tail.TopicId, message.Tail) && _tailOf[message.Tail.TopicId] != message.Tail)
        {
            _doubtful.Add(message.Tail);    // two activations of one chat: the first to have a place wins
            _doubtful.Add(_tailOf[message.Tail.TopicId]);
        }

        if (!CanHold(message))
        {
            _doubtful.Add(message.Tail);
        }

        _ends[message.Tail] = end + 1;
        _rows.Add((message, end + 1));
    }

    private static bool CanHold(MessageAppend message) =>
        StorableText.IsValid(message.Draft.Content)
        && StorableText.IsValid(message.Draft.User)
        && (message.Draft.ClientId is null || StorableText.IsValid(message.Draft.ClientId));
}
