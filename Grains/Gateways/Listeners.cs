using System.Collections.Immutable;
using NewLoom.Gateways;

namespace NewLoom.Grains.Gateways;

/// <summary>The gateways that one activation of a topic tells its events.</summary>
/// <remarks>A new activation cannot know who listened to the one before. So it begins by telling every live gateway,
/// and stops when each has answered whether it listens, as a network switch learns its ports: no event waits for a
/// timer after a crash.</remarks>
internal sealed class Listeners(DateTimeOffset activatedAt)
{
    /// <summary>A silo's list of gateways may be 2 s old; this leaves room for a slow refresh.</summary>
    private static readonly TimeSpan LearningMin = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, DateTimeOffset> _joinedAt = [];
    private readonly HashSet<string> _notListening = [];
    private ImmutableHashSet<string> _live = [];
    private ImmutableArray<string> _targets = [];
    private bool _isLearning = true;

    /// <summary>Whether a gateway has joined; the one member that other threads read.</summary>
    public bool HasAny => _joinedAt.Count > 0;

    public void Join(string gatewayId, DateTimeOffset now)
    {
        _joinedAt[gatewayId] = now;
        _notListening.Remove(gatewayId);
        _targets = default;
    }

    public void Leave(string gatewayId)
    {
        _joinedAt.Remove(gatewayId);
        _notListening.Add(gatewayId);
        _targets = default;
    }

    /// <summary>Whom to tell now.</summary>
    public ImmutableArray<string> Targets(ImmutableHashSet<string> live, DateTimeOffset now)
    {
        if (_targets.IsDefault || _isLearning || !ReferenceEquals(live, _live))
        {
            Refresh(live, now);
        }

        return _targets;
    }

    private void Refresh(ImmutableHashSet<string> live, DateTimeOffset now)
    {
        _live = live;
        foreach (var (gatewayId, joinedAt) in _joinedAt)
        {
            // One that joined a moment ago may not be in this silo's list yet.
            if (!live.Contains(gatewayId) && now - joinedAt > GatewayLease.Length)
            {
                _joinedAt.Remove(gatewayId);
            }
        }

        if (!_isLearning)
        {
            _targets = [.. _joinedAt.Keys];
            return;
        }

        var unknown = live.Except(_joinedAt.Keys).Except(_notListening);
        _targets = [.. _joinedAt.Keys, .. unknown];
        if (unknown.IsEmpty && now - activatedAt > LearningMin)
        {
            _isLearning = false;
            _notListening.Clear();
        }
    }
}
