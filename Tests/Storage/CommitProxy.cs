using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace NewLoom.Tests.Storage;

/// <summary>Stands between a process and its PostgreSQL server; once asked, it lets a commit pass and swallows the
/// answer with the connection.</summary>
internal sealed class CommitProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private readonly Task _accepting;
    private readonly List<Task> _pumps = [];
    private volatile bool _isArmed;

    public CommitProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The same database, through the proxy. Statements keep their text, so that a commit can be
    /// seen.</summary>
    public string ConnectionString(string direct) => new NpgsqlConnectionStringBuilder(direct)
    {
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        MaxAutoPrepare = 0,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>The next commit is the last that its connection hears of.</summary>
    public void SwallowNextCommit() => _isArmed = true;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_pumps);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _serverPort);
                var isCut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _pumps.Add(PumpAsync(client, server, isCut, isRequest: true));
                _pumps.Add(PumpAsync(server, client, isCut, isRequest: false));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, TaskCompletionSource isCut, bool isRequest)
    {
        var buffer = new byte[65_536];
        try
        {
            for (int count; (count = await from.GetStream().ReadAsync(buffer)) > 0;)
            {
                if (isRequest && _isArmed && buffer.AsSpan(0, count).IndexOf("COMMIT"u8) >= 0)
                {
                    _isArmed = false;
                    isCut.SetResult();
                }

                if (!isRequest && isCut.Task.IsCompleted)
                {
                    break;    // the server has answered, and so has committed
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side has gone.
        }

        from.Dispose();
        to.Dispose();
    }
}
