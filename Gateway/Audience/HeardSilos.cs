using System.Collections.Immutable;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Audience;

/// <summary>Which silos this gateway hears, and which have fallen silent.</summary>
/// <remarks>A silo may live, and work, and not reach this gateway: the network between them is cut; or the one between
/// that silo and the grain that knows this gateway's subscription, so that it does not know whom to tell.</remarks>
internal sealed class HeardSilos(TimeProvider time)
{
    /// <summary>How long a silo may say nothing: it speaks every 2 s.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, long> _heardAt = [];
    private readonly HashSet<SiloAddress> _missed = [];
    private readonly HashSet<SiloAddress> _leaving = [];

    /// <summary>Takes in which silos there are. One that is new has time to speak.</summary>
    public void Expect(IReadOnlyCollection<SiloAddress> silos)
    {
        lock (_lock)
        {
            _leaving.IntersectWith(silos);
            foreach (var silo in silos.Except(_leaving))
            {
                _heardAt.TryAdd(silo, time.GetTimestamp());
            }

            foreach (var gone in _heardAt.Keys.Except(silos).ToList())
            {
                _heardAt.Remove(gone);
            }
        }
    }

    /// <summary>Notes that a silo has spoken.</summary>
    public void Hear(SiloAlive word)
    {
        lock (_lock)
        {
            if (!_heardAt.TryGetValue(word.Silo, out var before))
            {
                return;
            }

            if (IsSilent(before))
            {
                _missed.Add(word.Silo);
            }

            if (word.IsLeaving)
            {
                _leaving.Add(word.Silo);
                _heardAt.Remove(word.Silo);
            }
            else
            {
                _heardAt[word.Silo] = time.GetTimestamp();
            }
        }
    }

    /// <summary>The silos that say nothing though they should, or were so since the last call.</summary>
    public ImmutableHashSet<SiloAddress> TakeSilent()
    {
        lock (_lock)
        {
            var silent = _heardAt.Where(entry => IsSilent(entry.Value)).Select(entry => entry.Key);
            ImmutableHashSet<SiloAddress> all = [.. silent, .. _missed];
            _missed.Clear();
            return all;
        }
    }

    private bool IsSilent(long heardAt) => time.GetElapsedTime(heardAt) > SilenceMax;
}
