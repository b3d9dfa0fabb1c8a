using System.Threading.RateLimiting;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>How many frames one socket may still send: a token bucket for each kind, made when the kind is first used,
/// and a window of refused frames.</summary>
internal sealed class FrameBudget(SocketLimitOptions limits, TimeProvider time)
{
    private static readonly TimeSpan RefusalWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReplenishmentPeriod = TimeSpan.FromMilliseconds(100);

    private readonly TokenBucketRateLimiter?[] _buckets =
        new TokenBucketRateLimiter?[Enum.GetValues<FrameKind>().Length];
    private long _windowStart = time.GetTimestamp();
    private int _refused;

    /// <summary>Takes one frame from the budget.</summary>
    /// <returns>Null when there was one, or when it is not counted here; else how long to wait for the next.</returns>
    public TimeSpan? TrySpend(FrameKind kind)
    {
        if (kind == FrameKind.Message)
        {
            return null;    // counted per user, over all its sockets
        }

        var bucket = _buckets[(int)kind] ??= kind == FrameKind.Report
            ? NewBucket(limits.ReportsPerSecond, limits.ReportBurst)
            : NewBucket(limits.FramesPerSecond, limits.FrameBurst);
        bucket.TryReplenish();
        using var lease = bucket.AttemptAcquire();
        if (lease.IsAcquired)
        {
            return null;
        }

        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : ReplenishmentPeriod;
    }

    /// <summary>Counts one refused frame; from any thread.</summary>
    /// <returns>False when it is one too many.</returns>
    public bool TryRefuse()
    {
        lock (_buckets)
        {
            return TryRefuseLocked();
        }
    }

    private bool TryRefuseLocked()
    {
        if (time.GetElapsedTime(_windowStart) > RefusalWindow)
        {
            _windowStart = time.GetTimestamp();
            _refused = 0;
        }

        return ++_refused <= limits.RefusedFramesPerMinute;
    }

    private static TokenBucketRateLimiter NewBucket(int perSecond, int burst) => new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = burst,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / perSecond),
        QueueLimit = 0,
        AutoReplenishment = false,    // a timer for each of ten thousand sockets would be ten thousand timers
    });
}
