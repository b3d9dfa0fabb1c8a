using System.Collections.Immutable;
using Orleans.Runtime;

namespace NewLoom.Gateways;

/// <summary>The answer to a gateway that renews its lease.</summary>
[GenerateSerializer, Immutable, Alias("newloom.gateways.renewal")]
public sealed record LeaseRenewal
{
    /// <summary>False when the gateway was not live before: topics may have forgotten that it listens.</summary>
    [Id(0)] public required bool WasLive { get; init; }

    /// <summary>The silos that are active: each of them is to be heard (<see cref="SiloAlive"/>).</summary>
    [Id(1)] public required ImmutableArray<SiloAddress> Silos { get; init; }
}
