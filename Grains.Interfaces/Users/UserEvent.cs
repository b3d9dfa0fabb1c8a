using System.Collections.Immutable;
using NewLoom.Gateways;

namespace NewLoom.Users;

/// <summary>Something that concerns one user, for the gateways that hold its sockets (presence: for all).</summary>
[GenerateSerializer, Immutable, Alias("newloom.user.event")]
public abstract record UserEvent : GatewayEvent
{
    /// <summary>The user.</summary>
    [Id(0)] public required string User { get; init; }
}

/// <summary>The user became a member of a chat.</summary>
[GenerateSerializer, Immutable, Alias("newloom.user.event.chat-added")]
public sealed record ChatAdded : UserEvent
{
    /// <summary>The chat.</summary>
    [Id(0)] public required long ChatId { get; init; }

    /// <summary>The chat's name.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>The chat's last message when that was: what comes after it is for the user.</summary>
    [Id(2)] public long Seq { get; init; }
}

/// <summary>The user is no member of a chat any more.</summary>
[GenerateSerializer, Immutable, Alias("newloom.user.event.chat-removed")]
public sealed record ChatRemoved : UserEvent
{
    /// <summary>The chat.</summary>
    [Id(0)] public required long ChatId { get; init; }
}

/// <summary>The user was given the right to view a stream.</summary>
[GenerateSerializer, Immutable, Alias("newloom.user.event.stream-added")]
public sealed record StreamAdded : UserEvent
{
    /// <summary>The stream.</summary>
    [Id(0)] public required long StreamId { get; init; }
}

/// <summary>The user came online or went offline.</summary>
[GenerateSerializer, Immutable, Alias("newloom.user.event.presence")]
public sealed record PresenceChanged : UserEvent
{
    /// <summary>Whether the user has an open socket anywhere.</summary>
    [Id(0)] public required bool IsOnline { get; init; }

    /// <summary>When the last socket closed, UTC; null while online.</summary>
    [Id(1)] public DateTimeOffset? LastSeen { get; init; }

    /// <summary>The user's chats, whose members may know.</summary>
    [Id(2)] public required ImmutableArray<long> ChatIds { get; init; }
}

/// <summary>Something that the user was known by has ended; sockets that rest on it end with it.</summary>
[GenerateSerializer, Immutable, Alias("newloom.user.event.credential-ended")]
public sealed record CredentialEnded : UserEvent
{
    /// <summary>The hash of the token or session that has ended; null: the user has been deleted, and everything has
    /// ended.</summary>
    [Id(0)] public required string? Hash { get; init; }
}
