using System.Globalization;

namespace NewLoom.Bench.Processes;

/// <summary>The server: the processes that were named, and all that descend from them. Linux only.</summary>
public sealed class ProcessTree(IReadOnlyList<int> rootIds)
{
    private volatile int[] _ids = [.. rootIds];

    /// <summary>Whether any process was named.</summary>
    public bool Known => rootIds.Count > 0;

    /// <summary>Those of the named processes that do not live.</summary>
    public IReadOnlyList<int> Missing() => [.. rootIds.Where(id => ProcessStat.Read(id) is null)];

    /// <summary>Looks for descendants again; they come and go.</summary>
    public void Refresh()
    {
        if (!Known)
        {
            return;
        }

        var children = LivingIds().ToLookup(id => ProcessStat.Read(id)?.ParentId ?? 0);
        var ids = new List<int>(rootIds.Distinct());
        for (var i = 0; i < ids.Count; i++)
        {
            ids.AddRange(children[ids[i]].Except(ids).ToList());
        }

        _ids = [.. ids];
    }

    /// <summary>User and system time of all of them so far.</summary>
    public TimeSpan CpuTime() => TimeSpan.FromTicks(Stats().Sum(s => s.CpuTime.Ticks));

    /// <summary>Memory in RAM of all of them; what they share counts for each.</summary>
    public long ResidentBytes() => Stats().Sum(s => s.ResidentBytes);

    private IEnumerable<ProcessStat> Stats() => _ids.Select(ProcessStat.Read).OfType<ProcessStat>();

    private static IEnumerable<int> LivingIds()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
            {
                yield return id;
            }
        }
    }
}
