using System.Collections.Concurrent;
using NewLoom.Users;

namespace NewLoom.Gateway.Limits;

/// <summary>The users' message rates as this gateway spends them: sockets and HTTP alike.</summary>
/// <remarks>The rate is counted once per user, in <see cref="IUserSocketsGrain"/>. This gateway takes a few messages
/// ahead, so that most messages cost no call, and forgets users that send nothing for <see cref="Memory"/>.</remarks>
internal sealed class MessageAllowances(IGrainFactory grains, TimeProvider time)
{
    /// <summary>How long an unused lease is kept: 1 min, when all that it held has long been void.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, MessageLease> _leases = new();
    private long _lastSweep = time.GetTimestamp();

    /// <summary>How many users are remembered.</summary>
    public int Count => _leases.Count;

    /// <summary>Spends one message of the user's rate.</summary>
    /// <returns>Null when it may be sent, else how long to wait before the next try (more than zero).</returns>
    public async ValueTask<TimeSpan?> TrySpendAsync(string user, CancellationToken cancellationToken)
    {
        DropUnused();
        var lease = _leases.GetOrAdd(user, static (_, clock) => new MessageLease(clock), time);
        if (lease.TrySpend())
        {
            return null;
        }

        await lease.Turn.WaitAsync(cancellationToken);
        try
        {
            return lease.TrySpend()
                ? null
                : lease.RemainingRefusal() ?? await TakeAsync(user, lease, cancellationToken);
        }
        finally
        {
            lease.Turn.Release();
        }
    }

    private async Task<TimeSpan?> TakeAsync(string user, MessageLease lease, CancellationToken cancellationToken)
    {
        var askedAt = time.GetTimestamp();
        var allowance = await grains.GetGrain<IUserSocketsGrain>(UserKeys.ForUser(user))
            .TakeAsync(MessageAllowance.ChunkCount, lease.EmptyFor, cancellationToken);
        lease.Fill(allowance, askedAt);
        return lease.TrySpend() ? null : Positive(allowance.RetryAfter);
    }

    private void DropUnused()
    {
        var now = time.GetTimestamp();
        var last = Interlocked.Read(ref _lastSweep);
        if (time.GetElapsedTime(last, now) < Memory || Interlocked.CompareExchange(ref _lastSweep, now, last) != last)
        {
            return;
        }

        foreach (var (user, lease) in _leases)
        {
            if (time.GetElapsedTime(lease.LastUse, now) >= Memory)
            {
                _leases.TryRemove(user, out _);
            }
        }
    }

    private static TimeSpan Positive(TimeSpan wait) =>
        wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);
}
