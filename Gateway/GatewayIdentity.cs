namespace NewLoom.Gateway;

/// <summary>This gateway process among the others.</summary>
internal sealed class GatewayIdentity
{
    /// <summary>Its name, new with every start. The letter keeps it from reading as a number (a storage key
    /// trap).</summary>
    public string Id { get; } = $"g{Guid.NewGuid():N}";
}
