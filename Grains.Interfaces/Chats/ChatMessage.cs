namespace NewLoom.Chats;

/// <summary>A message as it is stored: durable, in its final place, never changed again.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.message")]
public sealed record ChatMessage
{
    /// <summary>Unique in the whole service; rises within a chat. From 1000.</summary>
    [Id(0)] public required long Id { get; init; }

    /// <summary>The chat it belongs to.</summary>
    [Id(1)] public required long ChatId { get; init; }

    /// <summary>Its place in the chat: from 1, without gaps.</summary>
    [Id(2)] public required long Seq { get; init; }

    /// <summary>Username of the sender.</summary>
    [Id(3)] public required string User { get; init; }

    /// <summary>The text as sent, except that CRLF became LF.</summary>
    [Id(4)] public required string Content { get; init; }

    /// <summary>When the chat took the message, in UTC and whole milliseconds; never falls within a chat.</summary>
    [Id(5)] public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The sender's own id for the message (1 to 64 characters), or null when it gave none.</summary>
    [Id(6)] public string? ClientId { get; init; }

    /// <summary>Leaves the text out of logs.</summary>
    public override string ToString() => $"{ChatId}:{Seq}";
}
