using System.Collections.Immutable;
using NewLoom.Gateways;

namespace NewLoom.Grains.Gateways;

/// <summary>The gateways that one silo counts as live.</summary>
/// <remarks>A gateway stays for <see cref="GatewayLease.Length"/> after the directory last named it: a directory that
/// has just been rebuilt knows nobody until the gateways renew.</remarks>
internal sealed class LiveGateways
{
    private readonly Dictionary<string, DateTimeOffset> _lastNamed = [];

    /// <summary>The live gateways. A new instance whenever they changed.</summary>
    public ImmutableHashSet<string> Current { get; private set; } = [];

    /// <summary>Takes in what the directory says now.</summary>
    public void Update(ImmutableArray<string> named, DateTimeOffset now)
    {
        foreach (var gatewayId in named)
        {
            _lastNamed[gatewayId] = now;
        }

        foreach (var (gatewayId, at) in _lastNamed)
        {
            if (now - at > GatewayLease.Length)
            {
                _lastNamed.Remove(gatewayId);
            }
        }

        if (!Current.SetEquals(_lastNamed.Keys))
        {
            Current = [.. _lastNamed.Keys];
        }
    }
}
