namespace NewLoom.Chats;

/// <summary>A message that somebody wants to send.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.draft")]
public sealed record MessageDraft
{
    /// <summary>Username of the sender.</summary>
    [Id(0)] public required string User { get; init; }

    /// <summary>The text: 1 to 4,000 Unicode scalar values, not only white space, no control characters other
    /// than tab, CR before LF and LF.</summary>
    [Id(1)] public required string Content { get; init; }

    /// <summary>1 to 64 characters that make a repeat harmless for ever, or null.</summary>
    [Id(2)] public string? ClientId { get; init; }

    /// <summary>Leaves the text out of logs.</summary>
    public override string ToString() => $"{User}, {ClientId}";
}
