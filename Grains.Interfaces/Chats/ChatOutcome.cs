namespace NewLoom.Chats;

/// <summary>What became of a request that has no other result.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.outcome")]
public sealed record ChatOutcome
{
    /// <summary>It was done, or had been done before.</summary>
    public static readonly ChatOutcome Done = new();

    /// <summary>Why it was refused.</summary>
    [Id(0)] public ChatRefusal Refusal { get; init; }

    /// <summary>For a developer: which value broke which rule.</summary>
    [Id(1)] public string? Detail { get; init; }

    /// <summary>A refusal as an outcome.</summary>
    public static ChatOutcome Refused(ChatRefusal refusal, string? detail = null) =>
        new() { Refusal = refusal, Detail = detail };
}
