namespace NewLoom.Chats;

/// <summary>What became of a request for a new chat.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.create-result")]
public sealed record CreateChatResult
{
    /// <summary>The new chat's id, or 0 when it was refused.</summary>
    [Id(0)] public long ChatId { get; init; }

    /// <summary>Why it was refused.</summary>
    [Id(1)] public ChatRefusal Refusal { get; init; }

    /// <summary>For a developer: which value broke which rule.</summary>
    [Id(2)] public string? Detail { get; init; }
}
