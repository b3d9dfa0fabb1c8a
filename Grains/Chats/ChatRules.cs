using Microsoft.Extensions.Options;
using NewLoom.Chats;
using NewLoom.Grains.Gateways;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Users;

namespace NewLoom.Grains.Chats;

/// <summary>What a chat's name and members may be. One for each silo.</summary>
internal sealed class ChatRules(IChatStore store, KnownUsers users, IOptions<UserLimits> limits)
{
    /// <summary>What is wrong with a chat's name, or null.</summary>
    public static ChatOutcome? RefuseName(string name) =>
        TopicName.FindProblem(name) is { } problem ? ChatOutcome.Refused(ChatRefusal.Invalid, problem) : null;

    /// <summary>Why a chat cannot have so many members, or null.</summary>
    public ChatOutcome? RefuseCount(int memberCount) =>
        memberCount > limits.Value.ChatMembers
            ? ChatOutcome.Refused(ChatRefusal.LimitReached, $"a chat has at most {limits.Value.ChatMembers} members")
            : null;

    /// <summary>Why these users cannot all be members of a chat, or null: one of them does not exist.</summary>
    public async Task<ChatOutcome?> RefuseUnknownAsync(
        IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        await users.FindUnknownAsync(names, cancellationToken) is { } unknown
            ? ChatOutcome.Refused(ChatRefusal.Invalid, $"there is no user '{unknown}'")
            : null;

    /// <summary>Why these users cannot all become members of one more chat, or null: one of them has too
    /// many.</summary>
    public async Task<ChatOutcome?> RefuseFullAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var full = await store.FindUsersAtLimitAsync(names, limits.Value.Chats, cancellationToken);
        return full.IsEmpty
            ? null
            : ChatOutcome.Refused(
                ChatRefusal.LimitReached, $"'{full[0]}' is a member of {limits.Value.Chats} chats already");
    }
}
