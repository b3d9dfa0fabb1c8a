using System.Collections.Concurrent;

namespace NewLoom.Bench.Attacks;

/// <summary>How often what happened; from any thread.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public void Add(string what) => _counts.AddOrUpdate(what, 1, (_, count) => count + 1);

    public override string ToString() => _counts.IsEmpty
        ? "nothing happened"
        : string.Join(", ", _counts.OrderByDescending(c => c.Value).Select(c => $"{c.Value} {c.Key}"));
}
