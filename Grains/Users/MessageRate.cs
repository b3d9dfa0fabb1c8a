using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>A token bucket whose tokens gateways take ahead, a few at a time.</summary>
/// <remarks>What a gateway holds may still be spent, so it counts as part of the burst: the bucket fills up to the
/// burst less the last grant, until that grant is void or the next call says that it is spent. So a user gets exactly
/// the burst through one gateway, and through several at most one chunk more for each further one.</remarks>
internal sealed class MessageRate(int perSecond, int burst, TimeProvider time)
{
    // Sums of fractions fall short of a whole by less than this.
    private const double Epsilon = 1e-6;

    private double _tokens = burst;
    private int _lastGrant;
    private long _lastTake = time.GetTimestamp();

    /// <summary>Grants what there is, up to <paramref name="count"/>.</summary>
    public MessageAllowance Take(int count)
    {
        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(_lastTake, now);
        var held = elapsed < MessageAllowance.Lifetime ? elapsed : MessageAllowance.Lifetime;
        Fill(held, burst - _lastGrant);
        Fill(elapsed - held, burst);

        var granted = Math.Min(count, (int)(_tokens + Epsilon));
        _tokens -= granted;
        _lastGrant = granted;
        _lastTake = now;
        return new MessageAllowance { Count = granted, RetryAfter = granted > 0 ? TimeSpan.Zero : UntilNext() };
    }

    private void Fill(TimeSpan span, int ceiling) =>
        _tokens = Math.Min(ceiling, _tokens + perSecond * span.TotalSeconds);

    private TimeSpan UntilNext() =>
        TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, 1 - _tokens) * 1_000 / perSecond));
}
