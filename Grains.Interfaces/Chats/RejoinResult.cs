using System.Collections.Immutable;

namespace NewLoom.Chats;

/// <summary>The answer to a gateway that makes sure that it listens.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.rejoin-result")]
public sealed record RejoinResult
{
    /// <summary>Those of the asked users who are no members any more.</summary>
    [Id(0)] public required ImmutableArray<string> Strangers { get; init; }

    /// <summary>Every event after this position reaches the gateway.</summary>
    [Id(1)] public required ChatPosition Position { get; init; }
}
