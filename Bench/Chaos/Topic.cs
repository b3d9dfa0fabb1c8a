namespace NewLoom.Bench.Chaos;

/// <summary>A chat or a stream, and what clients were promised of it: what was confirmed, and when.</summary>
internal sealed class Topic(string kind, long id, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, long> _confirmed = [];
    private long _last;

    /// <summary>Its id.</summary>
    public long Id => id;

    /// <summary>Who listens to it.</summary>
    public List<TopicView> Views { get; } = [];

    /// <summary>The highest place that was confirmed.</summary>
    public long LastConfirmed => Interlocked.Read(ref _last);

    /// <summary>What has this place is confirmed: from now on everybody who listens is to hear of it.</summary>
    public void Confirm(long seq)
    {
        lock (_lock)
        {
            _confirmed.TryAdd(seq, time.GetTimestamp());
            Interlocked.Exchange(ref _last, Math.Max(_last, seq));
        }
    }

    /// <summary>When the place was confirmed; null: not yet.</summary>
    public long? ConfirmedAt(long seq)
    {
        lock (_lock)
        {
            return _confirmed.TryGetValue(seq, out var at) ? at : null;
        }
    }

    /// <summary>When the first confirmed place after this one was; null: there is none.</summary>
    public long? NextConfirmedAt(long seq)
    {
        lock (_lock)
        {
            while (++seq <= _last)
            {
                if (_confirmed.TryGetValue(seq, out var at))
                {
                    return at;
                }
            }

            return null;
        }
    }

    /// <inheritdoc />
    public override string ToString() => $"{kind} {id}";
}
