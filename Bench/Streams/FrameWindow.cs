using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Streams;

/// <summary>Sees whether more than ten frames arrive within any second.</summary>
public struct FrameWindow
{
    /// <summary>The most frames that a viewer may see in a second.</summary>
    public const int FramesMax = 10;

    private long[]? _arrivals;
    private int _next;

    /// <summary>Enters an arrival.</summary>
    /// <returns>False when it is the eleventh within a second.</returns>
    public bool TryAdd(long nanoseconds)
    {
        if (_arrivals is null)
        {
            _arrivals = new long[FramesMax];
            Array.Fill(_arrivals, long.MinValue / 2);
        }

        var isAllowed = nanoseconds - _arrivals[_next] >= MonotonicClock.Second;
        _arrivals[_next] = nanoseconds;
        _next = (_next + 1) % FramesMax;
        return isAllowed;
    }
}
