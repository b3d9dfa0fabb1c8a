namespace NewLoom.Gateways;

/// <summary>How long a gateway counts as live without a word from it.</summary>
public static class GatewayLease
{
    /// <summary>The lease: 15 s.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    /// <summary>How often a gateway renews: three tries in a lease.</summary>
    public static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(5);
}
