using System.Collections.Concurrent;

namespace NewLoom.Bench.Chaos;

/// <summary>What clients were told and what went wrong, to be held against the log in the end.</summary>
/// <param name="time">The time.</param>
/// <param name="progress">Where complaints are said at once; null: nowhere.</param>
internal sealed class ChaosBooks(TimeProvider time, TextWriter? progress = null)
{
    private const int ComplaintsMax = 1_000;

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>When the service could not work.</summary>
    public Outages Outages { get; } = new(time);

    /// <summary>How soon chats came back.</summary>
    public Recoveries Recoveries { get; } = new(time);

    /// <summary>What must not have happened; the first thousand.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>How often what happened that may happen.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>Something happened that must not.</summary>
    public void Complain(string what)
    {
        if (_complaints.Count < ComplaintsMax)
        {
            var line = $"{time.GetUtcNow():HH:mm:ss.fff} {what}";
            _complaints.Enqueue(line);
            progress?.WriteLine($"  ! {line}");
        }
    }

    /// <summary>Something happened that may.</summary>
    public void Count(string what) => _counts.AddOrUpdate(what, 1, (_, count) => count + 1);
}
