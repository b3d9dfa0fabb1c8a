using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace NewLoom.Bench.Cluster;

/// <summary>The only way from the members to their database, and one that can be closed.</summary>
internal sealed class DatabaseProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly TcpListener _listener;
    private readonly int _serverPort;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _passing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isRefusing;

    /// <summary>Starts to listen.</summary>
    /// <param name="address">Where members find it.</param>
    /// <param name="serverPort">The database's port on the loopback interface.</param>
    public DatabaseProxy(IPAddress address, int serverPort)
    {
        _serverPort = serverPort;
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _passing.SetResult();
        _accepting = AcceptAsync();
    }

    /// <summary>Where members find the database.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Lets nothing through, and says nothing: connections hang.</summary>
    public void Hang() => _passing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Breaks all connections, and refuses new ones.</summary>
    public void Refuse()
    {
        _isRefusing = true;
        foreach (var socket in _open.Keys)
        {
            socket.Dispose();
        }
    }

    /// <summary>Lets everything through again.</summary>
    public void Open()
    {
        _isRefusing = false;
        _passing.TrySetResult();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        Refuse();
        _passing.TrySetResult();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_ending.Token);
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            (_open[client], _open[server]) = (true, true);
            try
            {
                await _passing.Task;
                if (!_isRefusing)
                {
                    await server.ConnectAsync(IPAddress.Loopback, _serverPort, _ending.Token);
                    await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
                }
            }
            catch (Exception e) when (IsEnd(e))
            {
                // The database is down, and the client sees its connection end, as without a proxy.
            }

            _open.TryRemove(client, out _);
            _open.TryRemove(server, out _);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[32 * 1_024];
        try
        {
            int byteCount;
            while ((byteCount = await from.ReceiveAsync(buffer.AsMemory(), _ending.Token)) > 0)
            {
                await _passing.Task;
                for (var sent = 0; sent < byteCount;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, byteCount - sent), _ending.Token);
                }
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // Either side has ended; the other one ends with it.
        }
    }

    private static bool IsEnd(Exception e) =>
        e is SocketException or ObjectDisposedException or OperationCanceledException;
}
