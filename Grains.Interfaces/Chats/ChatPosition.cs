namespace NewLoom.Chats;

/// <summary>How far a chat's events have come: what a gateway holds against the next event to see a missed
/// one.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.position")]
public readonly record struct ChatPosition
{
    /// <summary>Names one activation of the chat: a new one has forgotten who listens.</summary>
    [Id(0)] public required Guid Epoch { get; init; }

    /// <summary>The last message that was told to listeners; 0 before the first.</summary>
    [Id(1)] public required long LastSeq { get; init; }

    /// <summary>How many members this activation has removed: a listener with a lower count must ask again who
    /// is still a member.</summary>
    [Id(2)] public required int RemovalCount { get; init; }
}
