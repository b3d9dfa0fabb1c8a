using System.Collections.Immutable;

namespace NewLoom.Gateways;

/// <summary>The live gateways. There is one such grain, with key 0.</summary>
/// <remarks>A gateway is live while its lease runs. Nothing is stored: gateways renew soon after a crash.</remarks>
[Alias("newloom.gateways")]
public interface IGatewayDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Keeps the gateway live for <see cref="GatewayLease.Length"/> from now.</summary>
    /// <returns>False when it was not live before: chats may have forgotten that it listens.</returns>
    [Alias("renew")]
    Task<bool> RenewAsync(string gatewayId, CancellationToken cancellationToken = default);

    /// <summary>Takes the gateway out at once.</summary>
    [Alias("leave")]
    Task LeaveAsync(string gatewayId, CancellationToken cancellationToken = default);

    /// <summary>The live gateways, in no order.</summary>
    [Alias("list")]
    Task<ImmutableArray<string>> ListAsync(CancellationToken cancellationToken = default);
}
