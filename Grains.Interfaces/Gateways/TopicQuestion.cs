using System.Collections.Immutable;

namespace NewLoom.Gateways;

/// <summary>What <see cref="ITopicAudienceGrain.RejoinAsync"/> asks one of many topics.</summary>
[GenerateSerializer, Immutable, Alias("newloom.topic.question")]
public sealed record TopicQuestion
{
    /// <summary>The topic.</summary>
    [Id(0)] public required ITopicAudienceGrain Topic { get; init; }

    /// <summary>The users for whom the gateway listens.</summary>
    [Id(1)] public required ImmutableArray<string> Users { get; init; }
}
