namespace NewLoom.Chats;

/// <summary>What became of a <see cref="MessageDraft"/>.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.send-result")]
public sealed record SendResult
{
    /// <summary>The stored message, or null when it was refused. For a repeat: the first message.</summary>
    [Id(0)] public ChatMessage? Message { get; init; }

    /// <summary>Whether the same client id and content had been stored before; nothing was added then.</summary>
    [Id(1)] public bool IsRepeat { get; init; }

    /// <summary>Why it was refused.</summary>
    [Id(2)] public ChatRefusal Refusal { get; init; }

    /// <summary>For a developer: which value broke which rule.</summary>
    [Id(3)] public string? Detail { get; init; }

    /// <summary>A refusal as a result.</summary>
    public static SendResult Refused(ChatRefusal refusal, string? detail = null) =>
        new() { Refusal = refusal, Detail = detail };
}
