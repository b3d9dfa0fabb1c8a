using System.Collections.Immutable;
using NewLoom.Chats;
using NewLoom.Grains.Chats;
using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>What a new chat must be, as far as its request alone tells.</summary>
internal static class NewChatRules
{
    /// <summary>The members beside the owner, once each, in the order of the request.</summary>
    public static ImmutableArray<string> OthersOf(string owner, ImmutableArray<string> members) =>
        [.. members.Where(member => member != owner).Distinct()];

    /// <summary>The reason to refuse the chat, or null.</summary>
    public static CreateChatResult? Refuse(string name, ImmutableArray<string> others, UserLimits limits)
    {
        if (ChatRules.NameProblem(name) is { } problem)
        {
            return Refused(ChatRefusal.Invalid, problem);
        }

        if (others.FirstOrDefault(other => !Username.IsValid(other)) is not null)
        {
            return Refused(ChatRefusal.Invalid, "one of the members is no username");
        }

        return others.Length + 1 > limits.ChatMembers
            ? Refused(ChatRefusal.LimitReached, $"a chat has at most {limits.ChatMembers} members")
            : null;
    }

    /// <summary>A refusal as a result.</summary>
    public static CreateChatResult Refused(ChatRefusal refusal, string detail) =>
        new() { Refusal = refusal, Detail = detail };
}
