using System.Collections.Concurrent;
using System.Threading.Channels;
using NewLoom.Gateway.Sockets;
using NewLoom.Users;

namespace NewLoom.Gateway.Audience;

/// <summary>Lets sockets that receive all of their user's topics receive those that they were not told of when they
/// opened.</summary>
/// <remarks>Subscribing asks a grain, and the gateway's stream must not wait for that; so it is done by a loop of its
/// own. What the cluster cannot answer now is done later, and the socket stays open.</remarks>
internal sealed partial class TopicJoins(SocketRegistry registry, ILogger<TopicJoins> logger)
    : BackgroundService
{
    /// <summary>Joins that may wait; a socket for which there is no room is listed instead.</summary>
    private const int WaitingCountMax = 10_000;

    /// <summary>Sockets that are joined or listed at once, so that a few silent grains do not hold up the
    /// others.</summary>
    private const int AtOnceCount = 16;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Channel<(ClientSocket Socket, UserEvent Added)> _joins =
        Channel.CreateBounded<(ClientSocket, UserEvent)>(
            new BoundedChannelOptions(WaitingCountMax) { SingleReader = true });

    /// <summary>Sockets whose topics must be listed; never more than there are open ones.</summary>
    private readonly ConcurrentDictionary<ClientSocket, bool> _unlisted = new();

    private readonly SemaphoreSlim _due = new(initialCount: 0, maxCount: 1);

    /// <summary>Why something was put off in this pass, if anything was.</summary>
    private volatile string? _postponedFor;

    /// <summary>Lets the user's sockets receive one more topic.</summary>
    public void Add(UserEvent added)
    {
        foreach (var socket in registry.Of(added.User).Where(socket => socket.Scope.IsAll))
        {
            if (!_joins.Writer.TryWrite((socket, added)))
            {
                _unlisted[socket] = true;
            }
        }

        Wake();
    }

    /// <summary>Looks for topics that sockets should receive and were never told of, after events were lost.</summary>
    public void Relist()
    {
        foreach (var socket in registry.All.Where(socket => socket.Scope.IsAll))
        {
            _unlisted[socket] = true;
        }

        Wake();
    }

    public override void Dispose()
    {
        _due.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var later = new List<(ClientSocket Socket, UserEvent Added)>();
        while (true)
        {
            var isBehind = later.Count > 0 || !_unlisted.IsEmpty;
            await _due.WaitAsync(isBehind ? RetryDelay : Timeout.InfiniteTimeSpan, stoppingToken);
            var due = later.ToList();
            later.Clear();
            while (_joins.Reader.TryRead(out var join))
            {
                due.Add(join);
            }

            foreach (var late in await JoinAsync(due, stoppingToken))
            {
                if (later.Count < WaitingCountMax)
                {
                    later.Add(late);
                }
                else
                {
                    _unlisted[late.Socket] = true;
                }
            }

            await ListAsync(stoppingToken);
            if (_postponedFor is { } reason)
            {
                _postponedFor = null;
                Log.Postponed(logger, later.Count + _unlisted.Count, reason);
            }
        }
    }

    /// <returns>Those that must be done again later.</returns>
    private async Task<IReadOnlyCollection<(ClientSocket Socket, UserEvent Added)>> JoinAsync(
        List<(ClientSocket Socket, UserEvent Added)> due, CancellationToken stoppingToken)
    {
        var late = new ConcurrentQueue<(ClientSocket, UserEvent)>();
        await Parallel.ForEachAsync(
            due.GroupBy(join => join.Socket, join => join.Added),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnceCount, CancellationToken = stoppingToken },
            async (joins, token) =>
            {
                foreach (var added in joins)
                {
                    if (!await TryAsync(joins.Key, () => joins.Key.Session.FollowAsync(added, token), token))
                    {
                        late.Enqueue((joins.Key, added));
                    }
                }
            });
        return late;
    }

    private async Task ListAsync(CancellationToken stoppingToken)
    {
        await Parallel.ForEachAsync(
            _unlisted.Keys,    // a copy
            new ParallelOptions { MaxDegreeOfParallelism = AtOnceCount, CancellationToken = stoppingToken },
            async (socket, token) =>
            {
                _unlisted.TryRemove(socket, out _);    // before, so that what is lost meanwhile is looked for again
                if (!await TryAsync(socket, () => socket.Session.RelistAsync(token), token))
                {
                    _unlisted[socket] = true;
                }
            });
    }

    /// <returns>False when it must be done again later.</returns>
    private async Task<bool> TryAsync(ClientSocket socket, Func<Task> join, CancellationToken cancellationToken)
    {
        try
        {
            await (registry.Has(socket) ? join() : Task.CompletedTask);
        }
        catch (Exception e) when (Faults.IsUnavailable(e) && !cancellationToken.IsCancellationRequested)
        {
            _postponedFor = e.Message;
            return !registry.Has(socket);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.JoinFailed(logger, socket.ConnectionId, e);
            socket.Close(CloseCode.GoingAway);
        }
        finally
        {
            if (!registry.Has(socket))
            {
                socket.Session.Forget();    // it ended meanwhile, and nobody else would
            }
        }

        return true;
    }

    private void Wake()
    {
        try
        {
            _due.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake, or will be.
        }
    }
}
