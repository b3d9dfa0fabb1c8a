using Microsoft.Extensions.Options;
using NewLoom.Chats;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Users;
using NewLoom.Users;

namespace NewLoom.Grains.Chats;

/// <summary>What a chat's name and members may be. One for each silo.</summary>
internal sealed class ChatRules(IChatStore store, IGrainFactory grains, IOptions<UserLimits> limits)
{
    /// <summary>The longest name, in characters.</summary>
    public const int NameLengthMax = 200;

    /// <summary>Users' grains that are asked at once.</summary>
    private const int AskedCount = 64;

    /// <summary>What is wrong with a chat's name, or null.</summary>
    public static ChatOutcome? RefuseName(string name) =>
        string.IsNullOrWhiteSpace(name) || name.EnumerateRunes().Count() > NameLengthMax
            ? ChatOutcome.Refused(
                ChatRefusal.Invalid, $"name must have 1 to {NameLengthMax} characters, not only white space")
            : null;

    /// <summary>Why a chat cannot have so many members, or null.</summary>
    public ChatOutcome? RefuseCount(int memberCount) =>
        memberCount > limits.Value.ChatMembers
            ? ChatOutcome.Refused(ChatRefusal.LimitReached, $"a chat has at most {limits.Value.ChatMembers} members")
            : null;

    /// <summary>Why these users cannot all be members of a chat, or null: one of them does not exist.</summary>
    public async Task<ChatOutcome?> RefuseUnknownAsync(
        IReadOnlyList<string> users, CancellationToken cancellationToken) =>
        await FindUnknownAsync(users, cancellationToken) is { } unknown
            ? ChatOutcome.Refused(ChatRefusal.Invalid, $"there is no user '{unknown}'")
            : null;

    /// <summary>Why these users cannot all become members of one more chat, or null: one of them has too
    /// many.</summary>
    public async Task<ChatOutcome?> RefuseFullAsync(IReadOnlyList<string> users, CancellationToken cancellationToken)
    {
        var full = await store.FindUsersAtLimitAsync(users, limits.Value.Chats, cancellationToken);
        return full.IsEmpty
            ? null
            : ChatOutcome.Refused(
                ChatRefusal.LimitReached, $"'{full[0]}' is a member of {limits.Value.Chats} chats already");
    }

    private async Task<string?> FindUnknownAsync(IReadOnlyList<string> users, CancellationToken cancellationToken)
    {
        if (users.FirstOrDefault(user => !Username.IsValid(user)) is { } malformed)
        {
            return malformed;
        }

        foreach (var part in users.Chunk(AskedCount))
        {
            var created = await Task.WhenAll(part.Select(user =>
                grains.GetGrain<IUserGrain>(UserKeys.ForUser(user)).GetCreatedAtAsync(cancellationToken)));
            if (Array.IndexOf(created, null) is var index and >= 0)
            {
                return part[index];
            }
        }

        return null;
    }
}
