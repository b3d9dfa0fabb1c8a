using System.Collections.Immutable;

namespace NewLoom.Chats;

/// <summary>The chats of one user. The key is <see cref="Users.UserKeys.ForUser"/>.</summary>
[Alias("newloom.user.chats")]
public interface IUserChatsGrain : IGrainWithStringKey
{
    /// <summary>Creates a chat that this user owns.</summary>
    /// <param name="name">1 to 200 characters.</param>
    /// <param name="members">Usernames beside the owner; repeats and the owner's own name are ignored.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The new chat's id, or the reason it was refused.</returns>
    [Alias("create")]
    Task<CreateChatResult> CreateAsync(
        string name, ImmutableArray<string> members, CancellationToken cancellationToken = default);

    /// <summary>The chats that the user is a member of, ascending by id, from behind <paramref
    /// name="after"/>.</summary>
    /// <param name="after">The last id of the page before; 0 starts at the first.</param>
    /// <param name="limit">At most so many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("list")]
    Task<ImmutableArray<ChatInfo>> ListAsync(long after, int limit, CancellationToken cancellationToken = default);
}
