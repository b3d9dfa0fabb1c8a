using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>One user's message rate: a token bucket whose tokens gateways take ahead, a few at a time.</summary>
/// <remarks>What a gateway holds may still be spent, so it counts as part of the burst: while it is held, the bucket
/// fills up to the burst less the last grant only. So a user gets exactly the burst through one gateway, and through
/// several at most one chunk more for each further one, once; the rate itself is never exceeded.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Without a timer of its own the bucket holds nothing.")]
internal sealed class MessageRate(int perSecond, int burst)
{
    private readonly TokenBucketRateLimiter _bucket = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = burst,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / perSecond),
        QueueLimit = 0,
        AutoReplenishment = false,    // a timer for each user would be very many timers
    });

    private int _lastGrant;

    private int Available => (int)_bucket.GetStatistics()!.CurrentAvailablePermits;

    /// <summary>Grants what there is, up to <paramref name="count"/>.</summary>
    /// <param name="count">At least 1.</param>
    /// <param name="emptyFor">How long the asking gateway has held nothing.</param>
    public MessageAllowance Take(int count, TimeSpan emptyFor)
    {
        _bucket.TryReplenish();
        var wasFull = Available == burst;
        LeaveAtMost(burst - Math.Max(0, _lastGrant - (int)Math.Min(burst, perSecond * emptyFor.TotalSeconds)));
        _lastGrant = Math.Min(count, Available);
        var left = Available - _lastGrant;
        LeaveAtMost(left);
        if (wasFull)
        {
            // A bucket that was full counts the time in which it was as time to fill: do that now, for nothing.
            _bucket.TryReplenish();
            LeaveAtMost(left);
        }

        return new MessageAllowance { Count = _lastGrant, RetryAfter = _lastGrant > 0 ? TimeSpan.Zero : UntilNext() };
    }

    private void LeaveAtMost(int count)
    {
        if (Available - count is > 0 and var tooMany)
        {
            _bucket.AttemptAcquire(tooMany).Dispose();
        }
    }

    private TimeSpan UntilNext()
    {
        using var lease = _bucket.AttemptAcquire(permitCount: 1);
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : _bucket.ReplenishmentPeriod;
    }
}
