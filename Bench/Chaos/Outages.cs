namespace NewLoom.Bench.Chaos;

/// <summary>The times in which the service as a whole could not work: its database was unreachable, or all of its
/// processes were down. Nothing that waits then counts as late before it is over.</summary>
internal sealed class Outages(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<(long Begin, long End)> _windows = [];
    private long? _begin;

    /// <summary>An outage begins.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _begin = time.GetTimestamp();
        }
    }

    /// <summary>The outage is over, if there is one.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_begin is { } begin)
            {
                _windows.Add((begin, time.GetTimestamp()));
                _begin = null;
            }
        }
    }

    /// <summary>How long something has been late that was due at a timestamp and came at another.</summary>
    public TimeSpan Lateness(long due, long came)
    {
        lock (_lock)
        {
            if (_begin < came)
            {
                return TimeSpan.Zero;
            }

            for (var i = _windows.Count - 1; i >= 0 && _windows[i].End > due; i--)
            {
                if (_windows[i].Begin < came)
                {
                    due = _windows[i].End;
                    break;
                }
            }
        }

        var late = time.GetElapsedTime(due, came);
        return late > TimeSpan.Zero ? late : TimeSpan.Zero;
    }
}
