using System.Collections.Immutable;
using NewLoom.Gateways;

namespace NewLoom.Grains.Gateways;

/// <summary>The keys as they are stored.</summary>
[GenerateSerializer, Alias("newloom.data-protection-keys.state")]
public sealed record DataProtectionKeysState
{
    /// <summary>Oldest first.</summary>
    [Id(0)] public ImmutableArray<DataProtectionKey> Keys { get; init; } = [];
}
