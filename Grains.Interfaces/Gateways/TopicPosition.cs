namespace NewLoom.Gateways;

/// <summary>How far a topic's events have come: what a gateway holds against the next event to see a missed
/// one.</summary>
[GenerateSerializer, Immutable, Alias("newloom.topic.position")]
public readonly record struct TopicPosition
{
    /// <summary>Names one activation of the topic: a new one has forgotten who listens.</summary>
    [Id(0)] public required Guid Epoch { get; init; }

    /// <summary>The last placed event that was told to listeners; 0 before the first.</summary>
    [Id(1)] public required long LastSeq { get; init; }

    /// <summary>From how many users this activation has taken the access: a listener with a lower count must ask
    /// again who may still receive the topic.</summary>
    [Id(2)] public required int RemovalCount { get; init; }
}
