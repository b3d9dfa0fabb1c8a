namespace NewLoom.Chats;

/// <summary>One chat, as its members use it: puts messages in order, keeps them, tells the listeners.</summary>
/// <remarks>The key is the chat id. Every call of somebody who is not a member is refused with
/// <see cref="ChatRefusal.NotAuthorized"/>. Calls throw <see cref="StorageUnavailableException"/> when storage cannot
/// take them; nothing was accepted then.</remarks>
[Alias("newloom.chat")]
public interface IChatGrain : IGrainWithIntegerKey
{
    /// <summary>Adds one message. With a client id a repeat is harmless; without one it adds a second
    /// message.</summary>
    /// <returns>The message once it is durable, or the reason it was refused.</returns>
    [Alias("send")]
    Task<SendResult> SendAsync(MessageDraft draft, CancellationToken cancellationToken = default);

    /// <summary>Moves a member's mark to a message and all before it. Marks never fall: moving one back does
    /// nothing.</summary>
    [Alias("mark")]
    Task<ChatOutcome> MarkAsync(
        string user, MarkKind kind, long messageId, CancellationToken cancellationToken = default);

    /// <summary>Says that a member types or stopped; told to all but <paramref name="connectionId"/>.</summary>
    /// <remarks>Never stored. Ends by itself 10 s after the last call and when the member sends a message.</remarks>
    [Alias("type")]
    Task<ChatOutcome> TypeAsync(
        string user, string connectionId, bool isTyping, CancellationToken cancellationToken = default);

    /// <summary>Reads backwards.</summary>
    /// <param name="user">A member.</param>
    /// <param name="beforeSeq">Only messages below this one; null starts at the newest.</param>
    /// <param name="limit">At most so many messages, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The newest messages below <paramref name="beforeSeq"/>, or null when the user is not a
    /// member.</returns>
    [Alias("history")]
    Task<MessagePage?> ReadHistoryAsync(
        string user, long? beforeSeq, int limit, CancellationToken cancellationToken = default);
}
