using System.Collections.Immutable;
using NewLoom.Chats;

namespace NewLoom.Grains.Storage;

/// <summary>The message log in its table.</summary>
internal sealed class MessageLog(StorageWriter writer, StorageReaders readers) : IMessageLog
{
    private const string Forward =
        $"SELECT {MessageRows.Columns} FROM messages " +
        "WHERE chat_id = @chat AND seq > @after AND seq <= @through ORDER BY seq LIMIT @limit";

    // Nobody is called '': that is the row behind the last message of a chat that is being deleted.
    private const string Backward =
        $"SELECT {MessageRows.Columns} FROM messages " +
        "WHERE chat_id = @chat AND seq < @before AND sender <> '' ORDER BY seq DESC LIMIT @limit";

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(LogTail tail, MessageDraft draft, DateTimeOffset timestamp) =>
        writer.WriteAsync(new MessageAppend(tail, draft, timestamp));

    /// <inheritdoc/>
    public Task<ImmutableArray<ChatMessage>> ReadAsync(
        long chatId, long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => session.Query(
                Forward,
                MessageRows.Read,
                ("@chat", chatId),
                ("@after", afterSeq),
                ("@through", throughSeq),
                ("@limit", limit)).ToImmutableArray(),
            cancellationToken);

    /// <inheritdoc/>
    public Task<MessagePage> ReadBackAsync(
        long chatId, long beforeSeq, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ReadBack(session, chatId, beforeSeq, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<long?> FindSeqAsync(long chatId, long messageId, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => session.Query(
                "SELECT seq FROM messages WHERE id = @id AND chat_id = @chat AND sender <> ''",
                row => (long?)row.GetInt64(0),
                ("@id", messageId),
                ("@chat", chatId)).SingleOrDefault(),
            cancellationToken);

    private static MessagePage ReadBack(DatabaseSession session, long chatId, long beforeSeq, int limit)
    {
        // One more than asked for tells whether there are more.
        var rows = session.Query(
            Backward, MessageRows.Read, ("@chat", chatId), ("@before", beforeSeq), ("@limit", limit + 1L));
        var hasMore = rows.Count > limit;
        if (hasMore)
        {
            rows.RemoveAt(limit);
        }

        rows.Reverse();
        return new MessagePage { Messages = [.. rows], HasMore = hasMore };
    }
}
