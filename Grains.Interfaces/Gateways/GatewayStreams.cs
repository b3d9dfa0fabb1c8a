namespace NewLoom.Gateways;

/// <summary>Names of the streams that carry <see cref="GatewayEvent"/>s: one for each gateway process.</summary>
public static class GatewayStreams
{
    /// <summary>Name of the stream provider, on silos and gateways.</summary>
    public const string ProviderName = "gateways";

    /// <summary>The streams' namespace; the key is the gateway's id.</summary>
    public const string Namespace = "gateway";
}
