using NewLoom.Chats;

namespace NewLoom.Grains.Storage;

/// <summary>What became of an append.</summary>
public enum AppendOutcome
{
    /// <summary>Stored, and durable.</summary>
    Stored,

    /// <summary>The same user had stored the same client id with the same content before.</summary>
    Repeat,

    /// <summary>The same user had stored the same client id with other content; nothing was added.</summary>
    Conflict,

    /// <summary>Another activation has written to this chat, and nothing was added; or the database was lost while it
    /// committed, and only the table knows. The activation must begin anew.</summary>
    Fenced,
}

/// <summary>What became of an append, and the message that stands in the log (new, or the first of a repeat).</summary>
public readonly record struct AppendResult(AppendOutcome Outcome, ChatMessage? Message);
