using System.Collections.Immutable;
using NewLoom.Chats;
using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>What a new chat must be, as far as its request alone tells.</summary>
internal static class NewChatRules
{
    /// <summary>The longest name of a chat, in characters.</summary>
    public const int NameLengthMax = 200;

    /// <summary>The members beside the owner, once each, in the order of the request.</summary>
    public static ImmutableArray<string> OthersOf(string owner, ImmutableArray<string> members) =>
        [.. members.Where(member => member != owner).Distinct()];

    /// <summary>The reason to refuse the chat, or null.</summary>
    public static CreateChatResult? Refuse(string name, ImmutableArray<string> others, UserLimits limits)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > NameLengthMax)
        {
            return Refused(ChatRefusal.Invalid, "name: 1 to 200 characters, not only white space.");
        }

        if (others.FirstOrDefault(other => !Username.IsValid(other)) is not null)
        {
            return Refused(ChatRefusal.Invalid, "members: one of them is no username.");
        }

        return others.Length + 1 > limits.ChatMembers
            ? Refused(ChatRefusal.LimitReached, $"members: a chat has at most {limits.ChatMembers}.")
            : null;
    }

    /// <summary>A refusal as a result.</summary>
    public static CreateChatResult Refused(ChatRefusal refusal, string detail) =>
        new() { Refusal = refusal, Detail = detail };
}
