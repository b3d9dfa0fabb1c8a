using NewLoom.Gateways;

namespace NewLoom.Gateway.Audience;

/// <summary>How far a feed has come with its topic's events. Guarded by the feed's lock.</summary>
internal sealed class FeedPosition
{
    private TopicPosition? _value;

    /// <summary>Whether the topic has said where it is.</summary>
    public bool IsKnown => _value is not null;

    /// <summary>The last placed event that was passed on; 0 before the first.</summary>
    public long LastSeq => _value?.LastSeq ?? 0;

    /// <summary>Begins at the topic's word.</summary>
    public void Begin(TopicPosition position) => _value = position;

    /// <summary>Goes on at the topic's word after a repair; never backwards.</summary>
    public void Confirm(TopicPosition position) =>
        _value = position with { LastSeq = Math.Max(position.LastSeq, LastSeq) };

    public bool IsSameActivation(TopicPosition other) => _value?.Epoch == other.Epoch;

    /// <summary>Whether the same activation has taken an access since it was there.</summary>
    public bool HasRemovedSince(TopicPosition other) =>
        IsSameActivation(other) && _value!.Value.RemovalCount > other.RemovalCount;

    /// <summary>Whether the topic has told something that has not come here, or another activation tells it.</summary>
    public bool IsBehind(TopicPosition topic) =>
        !IsSameActivation(topic)
        || topic.LastSeq > LastSeq
        || topic.RemovalCount > _value!.Value.RemovalCount;

    /// <summary>Whether nothing was missed between here and this event.</summary>
    public bool IsFollowedBy(TopicEvent item) =>
        IsSameActivation(item.Position)
        && item.Position.LastSeq <= LastSeq + (item.IsPlaced ? 1 : 0)
        && item.Position.RemovalCount <= _value!.Value.RemovalCount + (item is IAccessRemoved ? 1 : 0);

    /// <summary>Whether another activation sent the event, and the feed has since come at least as far.</summary>
    public bool Covers(TopicEvent item) => !IsSameActivation(item.Position) && item.Position.LastSeq <= LastSeq;

    /// <summary>Takes the next placed event in.</summary>
    /// <returns>False when the feed has come as far already.</returns>
    public bool TryAdvance(long seq)
    {
        if (seq <= LastSeq)
        {
            return false;
        }

        _value = _value!.Value with { LastSeq = seq };
        return true;
    }

    public void NoteRemoval(int count) =>
        _value = _value!.Value with { RemovalCount = Math.Max(_value.Value.RemovalCount, count) };
}
