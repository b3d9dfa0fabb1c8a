using System.Collections.Immutable;

namespace NewLoom.Chats;

/// <summary>One chat, as its owner manages it and its members look at it. The key is the chat id.</summary>
/// <remarks>Changes are durable when the call returns, and told to open sockets at once. Repeats are
/// harmless.</remarks>
[Alias("newloom.chat.members")]
public interface IChatMembersGrain : IGrainWithIntegerKey
{
    /// <summary>The chat as <paramref name="user"/> sees it, or null when the user is not a member.</summary>
    [Alias("get")]
    Task<ChatInfo?> GetAsync(string user, CancellationToken cancellationToken = default);

    /// <summary>Usernames in ordinal order, from behind <paramref name="after"/>, or null for a stranger.</summary>
    /// <param name="user">A member.</param>
    /// <param name="after">The last name of the page before; null starts at the first.</param>
    /// <param name="limit">At most so many names, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("list")]
    Task<ImmutableArray<string>?> ListAsync(
        string user, string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Renames the chat (1 to 200 characters); the owner's right.</summary>
    [Alias("rename")]
    Task<ChatOutcome> RenameAsync(string actor, string name, CancellationToken cancellationToken = default);

    /// <summary>Deletes the chat with its messages; the owner's right.</summary>
    [Alias("delete")]
    Task<ChatOutcome> DeleteAsync(string actor, CancellationToken cancellationToken = default);

    /// <summary>Makes an existing user a member; the owner's right.</summary>
    /// <returns>Refused with <see cref="ChatRefusal.Invalid"/> for an unknown user and with
    /// <see cref="ChatRefusal.LimitReached"/> at 100,000 members or 10,000 chats of the user.</returns>
    [Alias("add")]
    Task<ChatOutcome> AddAsync(string actor, string user, CancellationToken cancellationToken = default);

    /// <summary>Ends a membership: the owner's right, and everybody's own.</summary>
    /// <remarks>When the owner leaves, the member who has been there longest becomes the owner; when nobody is left,
    /// the chat is deleted.</remarks>
    [Alias("remove")]
    Task<ChatOutcome> RemoveAsync(string actor, string user, CancellationToken cancellationToken = default);

    /// <summary>Ends the membership of a user that is deleted. Only the user's own grain calls this.</summary>
    /// <param name="actor">Who deletes the user: a username, or a name of <see cref="Audit.Actor"/>.</param>
    /// <param name="user">The user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("forget")]
    Task ForgetAsync(string actor, string user, CancellationToken cancellationToken = default);
}
