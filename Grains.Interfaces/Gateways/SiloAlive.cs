using Orleans.Runtime;

namespace NewLoom.Gateways;

/// <summary>A silo tells every live gateway every 2 s that what it tells arrives. A gateway that hears nothing of an
/// active silo asks topics instead.</summary>
[GenerateSerializer, Immutable, Alias("newloom.gateway.event.silo-alive")]
public sealed record SiloAlive : GatewayEvent
{
    /// <summary>The silo.</summary>
    [Id(0)] public required SiloAddress Silo { get; init; }

    /// <summary>Whether it stops now, and says nothing more.</summary>
    [Id(1)] public bool IsLeaving { get; init; }
}
