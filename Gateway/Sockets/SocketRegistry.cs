using System.Collections.Concurrent;
using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Sockets;

/// <summary>All open sockets of this gateway, also by user.</summary>
internal sealed class SocketRegistry(SecurityEvents? events = null, IdentityMetrics? metrics = null)
{
    private readonly ConcurrentDictionary<ClientSocket, bool> _all = new();
    private readonly Dictionary<string, List<ClientSocket>> _byUser = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<ClientSocket, bool> _waiting = new();

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

    /// <summary>Sends sockets that come from now on away at once, and those that have not said who they are.</summary>
    public void BeginDrain()
    {
        _isDraining = true;
        foreach (var (socket, _) in _waiting)
        {
            socket.Close(CloseCode.GoingAway);
        }
    }

    /// <summary>Knows a socket that has not said who it is, until the end is disposed.</summary>
    public IDisposable Wait(ClientSocket socket)
    {
        _waiting[socket] = true;
        metrics?.WaitBegun();
        if (_isDraining)
        {
            socket.Close(CloseCode.GoingAway);
        }

        return new Waiting(this, socket);
    }

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

    private void EndWait(ClientSocket socket)
    {
        if (_waiting.TryRemove(socket, out _))
        {
            metrics?.WaitEnded();
        }
    }

    private sealed class Waiting(SocketRegistry registry, ClientSocket socket) : IDisposable
    {
        public void Dispose() => registry.EndWait(socket);
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
