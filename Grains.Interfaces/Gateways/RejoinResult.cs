using System.Collections.Immutable;

namespace NewLoom.Gateways;

/// <summary>The answer to a gateway that makes sure that it listens.</summary>
[GenerateSerializer, Immutable, Alias("newloom.topic.rejoin-result")]
public sealed record RejoinResult
{
    /// <summary>Those of the asked users who may not receive the topic any more.</summary>
    [Id(0)] public required ImmutableArray<string> Strangers { get; init; }

    /// <summary>Every event after this position reaches the gateway.</summary>
    [Id(1)] public required TopicPosition Position { get; init; }
}
