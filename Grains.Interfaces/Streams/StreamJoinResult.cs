using NewLoom.Gateways;

namespace NewLoom.Streams;

/// <summary>The answer to a gateway that wants to listen on behalf of a user.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.join-result")]
public sealed record StreamJoinResult
{
    /// <summary>The stream now; null when the user may not view it (the gateway was not added then).</summary>
    [Id(0)] public StreamSnapshot? Stream { get; init; }

    /// <summary>Every event after this position reaches the gateway.</summary>
    [Id(1)] public required TopicPosition Position { get; init; }
}
