using System.Collections.Immutable;
using NewLoom.Chats;

namespace NewLoom.Grains.Storage;

/// <summary>All chats' messages: append-only, with one group-committing writer per silo.</summary>
/// <remarks>All methods throw <see cref="StorageUnavailableException"/> when the storage cannot do it now; nothing was
/// stored then. They never block the caller's thread.</remarks>
public interface IMessageLog
{
    /// <summary>Appends at the tail's end. Appends are stored in the order of the calls, and complete in that
    /// order.</summary>
    /// <param name="tail">The chat's tail in the calling activation.</param>
    /// <param name="draft">The message, already checked and normalised.</param>
    /// <param name="timestamp">Its time, whole milliseconds.</param>
    /// <returns>Once it is durable. A full queue throws <see cref="StorageUnavailableException"/> at once.</returns>
    Task<AppendResult> AppendAsync(LogTail tail, MessageDraft draft, DateTimeOffset timestamp);

    /// <summary>Messages with <paramref name="afterSeq"/> &lt; seq &lt;= <paramref name="throughSeq"/>, ascending, the
    /// oldest <paramref name="limit"/> of them.</summary>
    Task<ImmutableArray<ChatMessage>> ReadAsync(
        long chatId, long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken);

    /// <summary>The newest <paramref name="limit"/> messages below <paramref name="beforeSeq"/>, ascending.</summary>
    Task<MessagePage> ReadBackAsync(long chatId, long beforeSeq, int limit, CancellationToken cancellationToken);

    /// <summary>The place of a message in this chat, or null when the chat has no such message.</summary>
    Task<long?> FindSeqAsync(long chatId, long messageId, CancellationToken cancellationToken);
}
