namespace NewLoom.Grains.Users;

/// <summary>One user's open sockets, by gateway, each with when it was named last.</summary>
internal sealed class OpenSockets
{
    /// <summary>A gateway names each of its sockets once a minute; this is three of those.</summary>
    public static readonly TimeSpan NamedWithin = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, Dictionary<string, DateTimeOffset>> _byGateway = [];
    private readonly Dictionary<string, DateTimeOffset> _missingSince = [];

    /// <summary>How many sockets are open.</summary>
    public int Count => _byGateway.Values.Sum(connections => connections.Count);

    /// <summary>The gateways that hold them.</summary>
    public IReadOnlyCollection<string> Gateways => _byGateway.Keys;

    /// <summary>Adds a socket; one that is there already is no second one.</summary>
    /// <returns>False when there are <paramref name="limit"/> others.</returns>
    public bool TryOpen(string gatewayId, string connectionId, int limit, DateTimeOffset now)
    {
        var connections = _byGateway.GetValueOrDefault(gatewayId);
        if (connections?.ContainsKey(connectionId) is not true && Count >= limit)
        {
            return false;
        }

        (_byGateway[gatewayId] = connections ?? [])[connectionId] = now;
        return true;
    }

    /// <summary>Takes a socket out, if it is there.</summary>
    public void Close(string gatewayId, string connectionId)
    {
        if (_byGateway.TryGetValue(gatewayId, out var connections)
            && connections.Remove(connectionId) && connections.Count == 0)
        {
            _byGateway.Remove(gatewayId);
            _missingSince.Remove(gatewayId);
        }
    }

    /// <summary>Forgets gateways that have not been live for longer than <paramref name="patience"/>, and sockets that
    /// their gateway no longer names: the word that they closed was lost.</summary>
    /// <remarks>A gateway may be new here before the list of the live ones has heard of it.</remarks>
    public void ForgetMissing(IReadOnlyCollection<string> live, DateTimeOffset now, TimeSpan patience)
    {
        foreach (var (gatewayId, connections) in _byGateway)
        {
            foreach (var (connectionId, namedAt) in connections)
            {
                if (now - namedAt > NamedWithin)
                {
                    Close(gatewayId, connectionId);    // allowed while enumerating, since .NET Core 3.0
                }
            }

            if (live.Contains(gatewayId))
            {
                _missingSince.Remove(gatewayId);
            }
            else if (!_missingSince.TryAdd(gatewayId, now) && now - _missingSince[gatewayId] > patience)
            {
                _byGateway.Remove(gatewayId);
                _missingSince.Remove(gatewayId);
            }
        }
    }
}
