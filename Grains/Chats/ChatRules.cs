using NewLoom.Chats;
using NewLoom.Grains.Storage;
using NewLoom.Users;

namespace NewLoom.Grains.Chats;

/// <summary>What a chat's name and members may be.</summary>
internal static class ChatRules
{
    /// <summary>The longest name, in characters.</summary>
    public const int NameLengthMax = 200;

    /// <summary>The most members of a chat.</summary>
    public const int MemberCountMax = 100_000;

    /// <summary>The most chats of a user.</summary>
    public const int ChatCountMax = 10_000;

    /// <summary>What is wrong with a chat's name, or null.</summary>
    public static string? NameProblem(string name) =>
        string.IsNullOrWhiteSpace(name) || name.Length > NameLengthMax
            ? $"name must have 1 to {NameLengthMax} characters"
            : null;

    /// <summary>Why these users cannot all become members of one more chat, or null.</summary>
    public static async Task<ChatOutcome?> MemberProblemAsync(
        IReadOnlyList<string> users, IChatStore store, IGrainFactory grains, CancellationToken cancellationToken)
    {
        foreach (var user in users)
        {
            if (!Username.IsValid(user)
                || await grains.GetGrain<IUserGrain>(UserKeys.ForUser(user)).GetCreatedAtAsync(cancellationToken) is null)
            {
                return ChatOutcome.Refused(ChatRefusal.Invalid, $"there is no user '{user}'");
            }
        }

        var full = await store.FindUsersAtLimitAsync(users, ChatCountMax, cancellationToken);
        return full.IsEmpty
            ? null
            : ChatOutcome.Refused(ChatRefusal.LimitReached, $"'{full[0]}' is a member of {ChatCountMax} chats already");
    }
}
