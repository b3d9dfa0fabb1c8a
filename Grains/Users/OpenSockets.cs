namespace NewLoom.Grains.Users;

/// <summary>One user's open sockets, by gateway.</summary>
internal sealed class OpenSockets
{
    private readonly Dictionary<string, HashSet<string>> _byGateway = [];
    private readonly Dictionary<string, DateTimeOffset> _missingSince = [];

    /// <summary>How many sockets are open.</summary>
    public int Count => _byGateway.Values.Sum(connections => connections.Count);

    /// <summary>The gateways that hold them.</summary>
    public IReadOnlyCollection<string> Gateways => _byGateway.Keys;

    /// <summary>Adds a socket; one that is there already is no second one.</summary>
    /// <returns>False when there are <paramref name="limit"/> others.</returns>
    public bool TryOpen(string gatewayId, string connectionId, int limit)
    {
        if (_byGateway.TryGetValue(gatewayId, out var connections) && connections.Contains(connectionId))
        {
            return true;
        }

        if (Count >= limit)
        {
            return false;
        }

        if (connections is null)
        {
            _byGateway[gatewayId] = connections = [];
        }

        return connections.Add(connectionId);
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

    /// <summary>Forgets gateways that have not been live for longer than <paramref name="patience"/>.</summary>
    /// <remarks>A gateway may be new here before the list of the live ones has heard of it.</remarks>
    public void ForgetMissing(IReadOnlyCollection<string> live, DateTimeOffset now, TimeSpan patience)
    {
        foreach (var gatewayId in _byGateway.Keys)
        {
            if (live.Contains(gatewayId))
            {
                _missingSince.Remove(gatewayId);
            }
            else if (!_missingSince.TryAdd(gatewayId, now) && now - _missingSince[gatewayId] > patience)
            {
                _byGateway.Remove(gatewayId);    // allowed while enumerating, since .NET Core 3.0
                _missingSince.Remove(gatewayId);
            }
        }
    }
}
