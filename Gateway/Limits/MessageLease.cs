using NewLoom.Users;

namespace NewLoom.Gateway.Limits;

/// <summary>What this gateway took of one user's message rate and has not spent yet.</summary>
internal sealed class MessageLease(TimeProvider time)
{
    private readonly Lock _lock = new();
    private int _count;
    private long _takenAt;
    private long? _emptiedAt;
    private long _refusedAt;
    private TimeSpan _refusedFor;

    /// <summary>Lets one call at a time ask for more.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>When it was last used, for the one who drops unused leases.</summary>
    public long LastUse { get; private set; } = time.GetTimestamp();

    /// <summary>How long nothing has been left; for one that never held any, as long as anything could have
    /// been.</summary>
    public TimeSpan EmptyFor
    {
        get
        {
            lock (_lock)
            {
                if (_count == 0)
                {
                    return _emptiedAt is { } at ? time.GetElapsedTime(at) : MessageAllowance.Lifetime;
                }

                var sinceVoid = time.GetElapsedTime(_takenAt) - MessageAllowance.Lifetime;
                return sinceVoid > TimeSpan.Zero ? sinceVoid : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Spends one message, if one is left and not void.</summary>
    public bool TrySpend()
    {
        lock (_lock)
        {
            LastUse = time.GetTimestamp();
            if (_count == 0 || time.GetElapsedTime(_takenAt, LastUse) >= MessageAllowance.Lifetime)
            {
                return false;
            }

            if (--_count == 0)
            {
                _emptiedAt = LastUse;
            }

            return true;
        }
    }

    /// <summary>How long it is useless to ask for more, or null.</summary>
    public TimeSpan? RemainingRefusal()
    {
        lock (_lock)
        {
            var left = _refusedFor - time.GetElapsedTime(_refusedAt);
            return left > TimeSpan.Zero ? left : null;
        }
    }

    /// <summary>Puts in what was granted to a call that began at <paramref name="askedAt"/>.</summary>
    public void Fill(MessageAllowance allowance, long askedAt)
    {
        lock (_lock)
        {
            _count = allowance.Count;
            _takenAt = askedAt;
            _refusedAt = askedAt;
            _refusedFor = allowance.Count > 0 ? TimeSpan.Zero : allowance.RetryAfter;
        }
    }
}
