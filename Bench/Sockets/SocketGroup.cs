using System.Net.Sockets;
using NewLoom.Bench.Rooms;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Sockets;

/// <summary>All sockets of a benchmark, open and listened to.</summary>
public sealed class SocketGroup : IAsyncDisposable
{
    private const int ConnectAttempts = 3;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(3);

    private readonly BenchSocket?[] _sockets;
    private readonly Task?[] _listening;
    private readonly MonotonicClock _clock;

    private SocketGroup(int count, MonotonicClock clock)
    {
        _sockets = new BenchSocket?[count];
        _listening = new Task?[count];
        _clock = clock;
    }

    /// <summary>The sockets, in the order of their targets.</summary>
    public IReadOnlyList<BenchSocket> Sockets => _sockets!;

    /// <summary>Opens a socket for each target.</summary>
    /// <param name="servers">Where; the sockets take turns.</param>
    /// <param name="targets">What to open.</param>
    /// <param name="connectsAtOnce">Connects under way at the same time.</param>
    /// <param name="listener">Is told what the sockets hear.</param>
    /// <param name="clock">Says when they heard it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BenchException">One of them could not be opened, in three attempts.</exception>
    public static async Task<SocketGroup> OpenAsync(
        IReadOnlyList<Uri> servers,
        IReadOnlyList<SocketTarget> targets,
        int connectsAtOnce,
        ISocketListener listener,
        MonotonicClock clock,
        CancellationToken cancellationToken)
    {
        var group = new SocketGroup(targets.Count, clock);
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = connectsAtOnce,
            CancellationToken = cancellationToken,
        };
        try
        {
            await Parallel.ForAsync(0, targets.Count, options, async (number, cancellation) =>
            {
                var server = servers[number % servers.Count];
                var socket = await group.ConnectAsync(number, server, targets[number].Path, cancellation);
                group._sockets[number] = socket;
                group._listening[number] = socket.ListenAsync(listener, clock);
            });
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    /// <summary>Closes all sockets; one that the server does not let go in time is cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        var sockets = _sockets.OfType<BenchSocket>().ToList();
        sockets.ForEach(s => s.Leave());
        var listening = Task.WhenAll(_listening.OfType<Task>());
        await Task.WhenAny(listening, Task.Delay(LeaveTimeout, _clock.Time));
        sockets.ForEach(s => s.Dispose());
        await listening;
    }

    private async Task<BenchSocket> ConnectAsync(
        int number, Uri server, string path, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var limit = new CancellationTokenSource(ConnectTimeout, _clock.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                return await BenchSocket.ConnectAsync(number, server, path, either.Token);
            }
            catch (Exception e) when (IsFailure(e, cancellationToken))
            {
                if (attempt == ConnectAttempts)
                {
                    throw new BenchException($"Socket {number + 1} of {_sockets.Length} did not open: {e.Message}", e);
                }
            }
        }
    }

    private static bool IsFailure(Exception exception, CancellationToken cancellationToken) =>
        exception is SocketException or InvalidDataException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
