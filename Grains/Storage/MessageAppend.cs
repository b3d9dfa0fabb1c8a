using Microsoft.Data.Sqlite;
using NewLoom.Chats;

namespace NewLoom.Grains.Storage;

/// <summary>One message that waits for its place at a chat's end.</summary>
internal sealed class MessageAppend(LogTail tail, MessageDraft draft, DateTimeOffset timestamp)
    : SqliteWrite<AppendResult>
{
    // The place before must be taken: whatever a tail says, the table has no gaps.
    private const string Insert = """
        INSERT INTO messages (chat_id, seq, sender, content, timestamp, client_id)
        SELECT @chat, @seq, @sender, @content, @timestamp, @client
        WHERE @seq = 1 OR EXISTS (SELECT 1 FROM messages WHERE chat_id = @chat AND seq = @seq - 1)
        ON CONFLICT (chat_id, sender, client_id) WHERE client_id IS NOT NULL DO NOTHING
        """;

    /// <inheritdoc/>
    protected override AppendResult Run(SqliteSession session, BatchTails tails)
    {
        if (tails.FindLastSeq(tail) is not { } lastSeq)
        {
            return new AppendResult(AppendOutcome.Fenced, null);
        }

        if (TryInsert(session, lastSeq + 1))
        {
            tails.Advance(tail);
            return new AppendResult(AppendOutcome.Stored, ToMessage(session.LastInsertId, lastSeq + 1));
        }

        if (FindFirst(session) is { } first)
        {
            var isSame = first.Content == draft.Content;
            return new AppendResult(isSame ? AppendOutcome.Repeat : AppendOutcome.Conflict, first);
        }

        tails.Fence(tail);
        return new AppendResult(AppendOutcome.Fenced, null);
    }

    private bool TryInsert(SqliteSession session, long seq)
    {
        try
        {
            return session.Execute(
                Insert,
                ("@chat", tail.TopicId),
                ("@seq", seq),
                ("@sender", draft.User),
                ("@content", draft.Content),
                ("@timestamp", timestamp.ToUnixTimeMilliseconds()),
                ("@client", draft.ClientId)) == 1;
        }
        catch (SqliteException e) when (SqliteErrors.IsKeyConflict(e))
        {
            return false;    // the place is taken, or the chat was deleted
        }
    }

    private ChatMessage? FindFirst(SqliteSession session) =>
        draft.ClientId is null
            ? null
            : session.Query(
                $"SELECT {MessageRows.Columns} FROM messages " +
                "WHERE chat_id = @chat AND sender = @sender AND client_id = @client",
                MessageRows.Read,
                ("@chat", tail.TopicId),
                ("@sender", draft.User),
                ("@client", draft.ClientId)).SingleOrDefault();

    private ChatMessage ToMessage(long id, long seq) => new()
    {
        Id = id,
        ChatId = tail.TopicId,
        Seq = seq,
        User = draft.User,
        Content = draft.Content,
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(timestamp.ToUnixTimeMilliseconds()),
        ClientId = draft.ClientId,
    };
}
