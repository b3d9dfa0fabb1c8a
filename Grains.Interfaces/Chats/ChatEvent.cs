using NewLoom.Gateways;

namespace NewLoom.Chats;

/// <summary>Something that happened in a chat, for the gateways that listen to it.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.event")]
public abstract record ChatEvent : TopicEvent;

/// <summary>A message was stored; <see cref="TopicPosition.LastSeq"/> is its own.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.event.message")]
public sealed record MessagePosted : ChatEvent
{
    /// <summary>The message.</summary>
    [Id(0)] public required ChatMessage Message { get; init; }

    /// <inheritdoc/>
    public override bool IsPlaced => true;
}

/// <summary>A member's mark moved forward.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.event.mark")]
public sealed record MarkMoved : ChatEvent
{
    /// <summary>The member.</summary>
    [Id(0)] public required string User { get; init; }

    /// <summary>Which mark.</summary>
    [Id(1)] public required MarkKind Kind { get; init; }

    /// <summary>The message that it moved to.</summary>
    [Id(2)] public required long MessageId { get; init; }

    /// <summary>That message's place.</summary>
    [Id(3)] public required long Seq { get; init; }

    /// <summary>When it moved, UTC.</summary>
    [Id(4)] public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>A member began or stopped typing.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.event.typing")]
public sealed record TypingChanged : ChatEvent
{
    /// <summary>The member.</summary>
    [Id(0)] public required string User { get; init; }

    /// <summary>Whether it types.</summary>
    [Id(1)] public required bool IsTyping { get; init; }

    /// <summary>The socket on which it types, which is not told.</summary>
    [Id(2)] public required string ConnectionId { get; init; }
}

/// <summary>The activation that told this has ended because another one goes on with the chat; <see
/// cref="TopicPosition.Epoch"/> is nobody's, so that listeners join anew.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.event.activation-ended")]
public sealed record ChatActivationEnded : ChatEvent;

/// <summary>Somebody is no member any more and must receive nothing after this.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.event.removed")]
public sealed record MemberRemoved : ChatEvent, IAccessRemoved
{
    /// <summary>The former member; null when the chat was deleted, and nobody is a member.</summary>
    [Id(0)] public required string? User { get; init; }
}
