using System.Text.Json.Serialization;
using NewLoom.Gateway.Sockets;

namespace NewLoom.Gateway.Frames;

/// <summary>What the server may send.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MessageNotice), "message")]
[JsonDerivedType(typeof(MessageStatusNotice), "message_status")]
[JsonDerivedType(typeof(TypingNotice), "typing")]
[JsonDerivedType(typeof(ErrorNotice), "error")]
[JsonDerivedType(typeof(StatusUpdateNotice), "status_update")]
[JsonDerivedType(typeof(ExecutionStatsNotice), "execution_stats")]
[JsonDerivedType(typeof(StreamErrorNotice))]    // "error" is taken: it brings its own
[JsonDerivedType(typeof(SnapshotNotice), "snapshot")]
[JsonDerivedType(typeof(HeartbeatReply), "heartbeat")]
[JsonDerivedType(typeof(SubscribedReply), "subscribed")]
[JsonDerivedType(typeof(UnsubscribedReply), "unsubscribed")]
[JsonDerivedType(typeof(HistoryReply), "history")]
[JsonDerivedType(typeof(WelcomeNotice), "welcome")]
[JsonDerivedType(typeof(PresenceNotice), "presence")]
[JsonDerivedType(typeof(ChatAddedNotice), "chat_added")]
[JsonDerivedType(typeof(ChatRemovedNotice), "chat_removed")]
[JsonDerivedType(typeof(DisconnectNotice), "disconnect")]
[JsonDerivedType(typeof(AuthenticatedReply), "authenticated")]
internal abstract record ServerFrame
{
    /// <summary>Of a direct reply or error: what the client called its frame.</summary>
    [JsonPropertyOrder(100)]
    public string? RequestId { get; init; }
}

internal sealed record MessageNotice(MessageBody Message) : ServerFrame;

internal sealed record MessageStatusNotice(
    long ChatId, long MessageId, string Status, string User, DateTimeOffset Timestamp, long Seq,
    string? ClientId = null)
    : ServerFrame;

internal sealed record TypingNotice(long ChatId, string User, bool IsTyping) : ServerFrame;

internal sealed record ErrorNotice(string Code, string Message) : ServerFrame
{
    /// <summary>What was wrong, for a developer.</summary>
    public string? Detail { get; init; }

    public long? ChatId { get; init; }

    public long? StreamId { get; init; }

    public string? ClientId { get; init; }

    public long? RetryAfterMs { get; init; }
}

internal sealed record HeartbeatReply(DateTimeOffset Timestamp) : ServerFrame;

internal sealed record SubscribedReply(long ChatId, long Seq) : ServerFrame
{
    /// <summary>True when more was missed than is sent; else left out.</summary>
    public bool? Truncated { get; init; }
}

internal sealed record UnsubscribedReply : ServerFrame
{
    /// <summary>On a chat socket; else left out.</summary>
    public long[]? ChatIds { get; init; }

    /// <summary>On a stream socket; else left out.</summary>
    public long[]? StreamIds { get; init; }
}

internal sealed record HistoryReply(long ChatId, MessageBody[] Messages, bool HasMore) : ServerFrame;

internal sealed record WelcomeNotice(
    string User, string ConnectionId, long HeartbeatIntervalMs, DateTimeOffset? ExpiresAt, WelcomeChat[] Chats)
    : ServerFrame
{
    /// <summary>The first frame of an extended client.</summary>
    /// <param name="socket">Its socket.</param>
    /// <param name="chats">On a chat socket its user's chats; none on a stream socket.</param>
    public static WelcomeNotice For(ClientSocket socket, WelcomeChat[] chats) => new(
        socket.User, socket.ConnectionId, (long)Heartbeats.PingInterval.TotalMilliseconds, socket.Identity.ExpiresAt,
        chats);
}

internal sealed record WelcomeChat(long ChatId, string Name, long Seq, long ReadSeq);

internal sealed record PresenceNotice(long ChatId, string User, bool Online, DateTimeOffset? LastSeen) : ServerFrame;

internal sealed record ChatAddedNotice(long ChatId, string Name) : ServerFrame;

internal sealed record ChatRemovedNotice(long ChatId) : ServerFrame;

internal sealed record DisconnectNotice(string Reason, long ReconnectAfterMs) : ServerFrame;

internal sealed record AuthenticatedReply(string User, DateTimeOffset? ExpiresAt) : ServerFrame
{
    /// <summary>Says who the socket is now, and until when.</summary>
    public static AuthenticatedReply To(ClientSocket socket, string? requestId) =>
        new(socket.User, socket.Identity.ExpiresAt) { RequestId = requestId };
}

internal sealed record StatusUpdateNotice(long StreamId, string Status, DateTimeOffset Timestamp, int Execution)
    : ServerFrame;

internal sealed record ExecutionStatsNotice(long StreamId, StatsBody Stats) : ServerFrame
{
    /// <summary>Whether no later ones can follow, so that these may not be left out.</summary>
    [JsonIgnore]
    public bool IsFinal { get; init; }
}

internal sealed record StreamErrorNotice(long StreamId, StreamErrorBody Error) : ServerFrame
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "error";
}

internal sealed record SnapshotNotice(
    long StreamId, string Name, int Execution, string Status, StatsBody Stats, StreamErrorBody[] Errors, long Version)
    : ServerFrame;
