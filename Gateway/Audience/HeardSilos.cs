using NewLoom.Gateways;

namespace NewLoom.Gateway.Audience;

/// <summary>Which silos this gateway hears, and whether one of them has fallen silent.</summary>
/// <remarks>A silo may live, and work, and not reach this gateway: the network between them is cut; or the one between
/// that silo and the grain that knows this gateway's subscription, so that it does not know whom to tell.</remarks>
internal sealed class HeardSilos(TimeProvider time)
{
    /// <summary>How long a silo may say nothing: it speaks every 2 s.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, long> _heardAt = [];

    /// <summary>Whether a silo that should be heard has said nothing for too long.</summary>
    public bool IsOneSilent
    {
        get
        {
            lock (_lock)
            {
                return _heardAt.Values.Any(at => time.GetElapsedTime(at) > SilenceMax);
            }
        }
    }

    /// <summary>Takes in which silos there are. One that is new has time to speak.</summary>
    public void Expect(IReadOnlyCollection<SiloAddress> silos)
    {
        lock (_lock)
        {
            foreach (var silo in silos)
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
            if (_heardAt.ContainsKey(word.Silo))
            {
                _heardAt[word.Silo] = time.GetTimestamp();
            }
        }
    }
}
