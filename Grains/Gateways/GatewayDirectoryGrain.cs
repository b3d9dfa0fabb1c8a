using System.Collections.Immutable;
using NewLoom.Gateways;

namespace NewLoom.Grains.Gateways;

/// <inheritdoc cref="IGatewayDirectoryGrain"/>
internal sealed class GatewayDirectoryGrain(TimeProvider time) : Grain, IGatewayDirectoryGrain
{
    private readonly Dictionary<string, DateTimeOffset> _leases = [];

    public Task<bool> RenewAsync(string gatewayId, CancellationToken cancellationToken)
    {
        DropExpired();
        var wasLive = _leases.ContainsKey(gatewayId);
        _leases[gatewayId] = time.GetUtcNow() + GatewayLease.Length;
        return Task.FromResult(wasLive);
    }

    public Task LeaveAsync(string gatewayId, CancellationToken cancellationToken)
    {
        _leases.Remove(gatewayId);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<string>> ListAsync(CancellationToken cancellationToken)
    {
        DropExpired();
        return Task.FromResult(_leases.Keys.ToImmutableArray());
    }

    private void DropExpired()
    {
        var now = time.GetUtcNow();
        foreach (var (gatewayId, expiresAt) in _leases)
        {
            if (expiresAt <= now)
            {
                _leases.Remove(gatewayId);
            }
        }
    }
}
