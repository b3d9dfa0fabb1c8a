using NewLoom.Chats;

namespace NewLoom.Grains.Storage;

/// <summary>One message that waits for its place at a chat's end.</summary>
internal sealed class MessageAppend(LogTail tail, MessageDraft draft, DateTimeOffset timestamp)
    : StorageWrite<AppendResult>
{
    // The place before must be taken: whatever a tail says, the table has no gaps. A place or a client id that is
    // taken, and a chat that was deleted, get no row.
    private const string Insert = """
        INSERT INTO messages (chat_id, seq, sender, content, timestamp, client_id)
        SELECT @chat, @seq, @sender, @content, @timestamp, @client
        WHERE CASE WHEN @seq = 1
            THEN EXISTS (SELECT 1 FROM chats WHERE id = @chat AND deleted_at IS NULL)
            ELSE EXISTS (SELECT 1 FROM messages WHERE chat_id = @chat AND seq = @seq - 1) END
        ON CONFLICT DO NOTHING
        """;

    /// <summary>The chat's tail in the activation that sends.</summary>
    public LogTail Tail => tail;

    /// <summary>The message.</summary>
    public MessageDraft Draft => draft;

    /// <summary>Its time, Unix milliseconds.</summary>
    public long Timestamp => timestamp.ToUnixTimeMilliseconds();

    /// <summary>Somebody else has stored it, at the end that <see cref="Tail"/> had then.</summary>
    public void Store(long id, long seq) => SetResult(Stored(id, seq));

    /// <summary>Somebody else has found that nothing can be stored through <see cref="Tail"/>.</summary>
    public void Fence() => SetResult(new AppendResult(AppendOutcome.Fenced, null));

    /// <inheritdoc/>
    public override void Doubt(Exception error)
    {
        Fence();
        Complete();
    }

    /// <inheritdoc/>
    protected override AppendResult Run(DatabaseSession session, BatchTails tails)
    {
        if (tails.FindLastSeq(tail) is not { } lastSeq)
        {
            return new AppendResult(AppendOutcome.Fenced, null);
        }

        if (TryInsert(session, lastSeq + 1) is { } id)
        {
            tails.Advance(tail);
            return Stored(id, lastSeq + 1);
        }

        if (FindFirst(session) is { } first)
        {
            var isSame = first.Content == draft.Content;
            return new AppendResult(isSame ? AppendOutcome.Repeat : AppendOutcome.Conflict, first);
        }

        tails.Fence(tail);
        return new AppendResult(AppendOutcome.Fenced, null);
    }

    private long? TryInsert(DatabaseSession session, long seq) => session.Insert(
        Insert,
        ("@chat", tail.TopicId),
        ("@seq", seq),
        ("@sender", draft.User),
        ("@content", draft.Content),
        ("@timestamp", timestamp.ToUnixTimeMilliseconds()),
        ("@client", draft.ClientId));

    private ChatMessage? FindFirst(DatabaseSession session) =>
        draft.ClientId is null
            ? null
            : session.Query(
                $"SELECT {MessageRows.Columns} FROM messages " +
                "WHERE chat_id = @chat AND sender = @sender AND client_id = @client",
                MessageRows.Read,
                ("@chat", tail.TopicId),
                ("@sender", draft.User),
                ("@client", draft.ClientId)).SingleOrDefault();

    private AppendResult Stored(long id, long seq) => new(AppendOutcome.Stored, new ChatMessage
    {
        Id = id,
        ChatId = tail.TopicId,
        Seq = seq,
        User = draft.User,
        Content = draft.Content,
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(timestamp.ToUnixTimeMilliseconds()),
        ClientId = draft.ClientId,
    });
}
