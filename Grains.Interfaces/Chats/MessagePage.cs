using System.Collections.Immutable;

namespace NewLoom.Chats;

/// <summary>Consecutive messages of one chat.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.page")]
public sealed record MessagePage
{
    /// <summary>Ascending by <see cref="ChatMessage.Seq"/>, without gaps.</summary>
    [Id(0)] public required ImmutableArray<ChatMessage> Messages { get; init; }

    /// <summary>Whether the chat has more messages before these.</summary>
    [Id(1)] public required bool HasMore { get; init; }
}
