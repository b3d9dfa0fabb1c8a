namespace NewLoom.Bench.Chaos;

/// <summary>One client's view of a topic, over all of its sockets: how far it is, and how deaf it was.</summary>
internal sealed class TopicView(string name, Topic topic, Outages outages, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long? _listening;
    private long _lastSeq;
    private bool _isDeaf;

    /// <summary>Who this is, for complaints.</summary>
    public string Name => $"{name} of {topic}";

    /// <summary>The last place that the client has seen.</summary>
    public long LastSeq
    {
        get => Interlocked.Read(ref _lastSeq);
        set => Interlocked.Exchange(ref _lastSeq, value);
    }

    /// <summary>The longest that a socket of it was deaf: from when something was confirmed, or later from when the
    /// socket was subscribed, until it came; outages left out.</summary>
    public TimeSpan LongestDeafness { get; private set; }

    /// <summary>The topic's subscription was answered: from now on everything must come.</summary>
    public void Listen()
    {
        lock (_lock)
        {
            _listening = time.GetTimestamp();
            _isDeaf = false;
        }
    }

    /// <summary>The socket has ended; the client knows that, and resumes on another one.</summary>
    public void StopListening()
    {
        lock (_lock)
        {
            _listening = null;
        }
    }

    /// <summary>The place has come.</summary>
    public void Take(long seq)
    {
        var at = topic.ConfirmedAt(seq);
        lock (_lock)
        {
            LastSeq = seq;
            Note(at, time.GetTimestamp());
            _isDeaf = false;
        }
    }

    /// <summary>Looks whether something is missing.</summary>
    /// <returns>How long the socket has been deaf, when that is longer than the limit and has not been said
    /// yet.</returns>
    public TimeSpan? Check(TimeSpan limit)
    {
        var at = topic.NextConfirmedAt(LastSeq);
        lock (_lock)
        {
            var late = Note(at, time.GetTimestamp());
            if (late <= limit || _isDeaf)
            {
                return null;
            }

            _isDeaf = true;
            return late;
        }
    }

    private TimeSpan Note(long? confirmedAt, long now)
    {
        if (confirmedAt is not { } confirmed || _listening is not { } listening)
        {
            return TimeSpan.Zero;
        }

        var late = outages.Lateness(Math.Max(confirmed, listening), now);
        LongestDeafness = late > LongestDeafness ? late : LongestDeafness;
        return late;
    }
}
