using NewLoom.Gateways;

namespace NewLoom.Chats;

/// <summary>The answer to a gateway that wants to listen on behalf of a user.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.join-result")]
public sealed record JoinResult
{
    /// <summary>The chat as the user sees it; null when the user is not a member (the gateway was not added
    /// then).</summary>
    [Id(0)] public ChatInfo? Chat { get; init; }

    /// <summary>Every event after this position reaches the gateway.</summary>
    [Id(1)] public required TopicPosition Position { get; init; }
}
