using System.Collections.Concurrent;
using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Sockets;

/// <summary>All open sockets of this gateway, also by user.</summary>
internal sealed class SocketRegistry(SecurityEvents? events = null, IdentityMetrics? metrics = null)
{
    private readonly ConcurrentDictionary<ClientSocket, bool> _all = new();
    private readonly Dictionary<string, List<ClientSocket>> _byUser = new(StringComparer.Ordinal);

    private volatile bool _isDraining;

    public int Count => _all.Count;

    /// <summary>The open sockets, in no order; safe while sockets come and go.</summary>
    public IEnumerable<ClientSocket> All => _all.Select(entry => entry.Key);

    public void Add(ClientSocket socket)
    {
        socket.Events = events;    // what it is refused from here on is the doing of a user
        _all[socket] = true;
        metrics?.SocketOpened();
        lock (_byUser)
        {
            if (!_byUser.TryGetValue(socket.User, out var sockets))
            {
                _byUser.Add(socket.User, sockets = new List<ClientSocket>(1));
            }

            sockets.Add(socket);
        }

        if (_isDraining)
        {
            socket.Close(CloseCode.GoingAway);
        }
    }

    /// <summary>Sends sockets that come from now on away at once.</summary>
    public void BeginDrain() => _isDraining = true;

    public void Remove(ClientSocket socket)
    {
        if (_all.TryRemove(socket, out _))
        {
            metrics?.SocketClosed();
        }

        lock (_byUser)
        {
            if (_byUser.TryGetValue(socket.User, out var sockets) && sockets.Remove(socket) && sockets.Count == 0)
            {
                _byUser.Remove(socket.User);
            }
        }
    }

    public bool Has(ClientSocket socket) => _all.ContainsKey(socket);

    /// <summary>The user's open sockets on this gateway.</summary>
    public ClientSocket[] Of(string user)
    {
        lock (_byUser)
        {
            return _byUser.TryGetValue(user, out var sockets) ? [.. sockets] : [];
        }
    }
}
