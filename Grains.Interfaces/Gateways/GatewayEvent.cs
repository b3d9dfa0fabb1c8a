namespace NewLoom.Gateways;

/// <summary>What grains tell a gateway.</summary>
/// <remarks>Delivered at least once and in order per silo; a lost one is found by <see
/// cref="TopicPosition"/>.</remarks>
[GenerateSerializer, Immutable, Alias("newloom.gateway.event")]
public abstract record GatewayEvent;
