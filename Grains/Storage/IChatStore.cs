using System.Collections.Immutable;
using NewLoom.Chats;

namespace NewLoom.Grains.Storage;

/// <summary>Chats and memberships in their tables.</summary>
/// <remarks>Writes go through the same queue as the message log's appends, so that they commit in the order of the
/// calls, and return once they are durable. All methods throw <see cref="StorageUnavailableException"/> when the
/// storage cannot do it now; nothing was changed then. Changes of memberships and owners are recorded with their actor
/// (see <see cref="IAuditStore"/>) in the same transaction.</remarks>
public interface IChatStore
{
    /// <summary>The chat with its members, or null when there is none.</summary>
    Task<ChatRecord?> LoadAsync(long chatId, CancellationToken cancellationToken);

    /// <summary>Creates a chat with its owner as first member; ids that are handed out start at 1000.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="chatId">The id, or null to be given the next one.</param>
    /// <param name="name">1 to 200 characters.</param>
    /// <param name="owner">Username of the owner.</param>
    /// <param name="members">The other members, without repeats.</param>
    /// <returns>The chat's id.</returns>
    Task<long> CreateAsync(
        string actor, long? chatId, string name, string owner, IReadOnlyList<string> members);

    /// <summary>Renames a chat.</summary>
    Task RenameAsync(long chatId, string name);

    /// <summary>Deletes a chat with its memberships; its messages are out of sight, and go soon after.</summary>
    Task DeleteAsync(string actor, long chatId);

    /// <summary>Adds a membership with both marks at 0; harmless when there is one.</summary>
    Task AddMemberAsync(string actor, long chatId, string user);

    /// <summary>Ends a membership and, when <paramref name="newOwner"/> is given, passes the ownership on.</summary>
    Task RemoveMemberAsync(string actor, long chatId, string user, string? newOwner);

    /// <summary>Moves a member's marks forward; a mark that is further already stays.</summary>
    Task MoveMarksAsync(long chatId, string user, long deliveredSeq, long readSeq);

    /// <summary>The user's chats, ascending by id, from behind <paramref name="after"/>.</summary>
    Task<ImmutableArray<ChatInfo>> ListChatsAsync(
        string user, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Ids of the user's chats, ascending, at most <paramref name="limit"/>.</summary>
    Task<ImmutableArray<long>> ListChatIdsAsync(string user, int limit, CancellationToken cancellationToken);

    /// <summary>Those of the users who are members of at least <paramref name="limit"/> chats.</summary>
    Task<ImmutableArray<string>> FindUsersAtLimitAsync(
        IReadOnlyList<string> users, int limit, CancellationToken cancellationToken);
}
