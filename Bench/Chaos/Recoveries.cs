namespace NewLoom.Bench.Chaos;

/// <summary>How long each chat took, after each failure, to confirm a message that was first sent after it.</summary>
internal sealed class Recoveries(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<(string Failure, TimeSpan Took)> _taken = [];
    private readonly Dictionary<long, TimeSpan> _current = [];
    private string _failure = "";
    private long? _from;

    /// <summary>All of them so far, with the failure's kind.</summary>
    public IReadOnlyList<(string Failure, TimeSpan Took)> Taken
    {
        get
        {
            lock (_lock)
            {
                return [.. _taken];
            }
        }
    }

    /// <summary>The current failure's, by chat.</summary>
    public IReadOnlyDictionary<long, TimeSpan> Current
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<long, TimeSpan>(_current);
            }
        }
    }

    /// <summary>A failure happens, or an outage is over: the clock runs.</summary>
    public void Begin(string failure)
    {
        lock (_lock)
        {
            _current.Clear();
            (_failure, _from) = (failure, time.GetTimestamp());
        }
    }

    /// <summary>A message of the chat was confirmed that was first sent at this timestamp.</summary>
    public void Confirmed(long chatId, long sentAt)
    {
        lock (_lock)
        {
            if (sentAt >= _from && !_current.ContainsKey(chatId))
            {
                var took = time.GetElapsedTime(_from.Value);
                _current.Add(chatId, took);
                _taken.Add((_failure, took));
            }
        }
    }
}
