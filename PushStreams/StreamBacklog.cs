using System.Runtime.InteropServices;
using Orleans.Runtime;

namespace NewLoom.PushStreams;

/// <summary>The events of one stream that some subscription has not taken yet. Its <see cref="PushQueue"/> locks.</summary>
/// <remarks>
/// Events are numbered without gaps; a subscription is a position in the numbers. What every subscription has passed
/// is forgotten at once, and what nobody claims is forgotten by <see cref="PushQueue.Tidy"/>.
/// </remarks>
internal sealed class StreamBacklog(StreamId streamId, long first, int countMax)
{
    private readonly List<object> _events = [];
    private readonly List<BacklogCursor> _cursors = [];
    private long _first = first;
    private long _announced = first;
    private long _unclaimed = first;

    public StreamId StreamId { get; } = streamId;

    /// <summary>The number that the next event will get.</summary>
    public long End => _first + _events.Count;

    public int Count => _events.Count;

    /// <summary>True while the stream stands in the queue's list of streams that the agent must hear of.</summary>
    public bool IsReady { get; set; }

    public bool HasCursors => _cursors.Count > 0;

    /// <summary>True when nothing is being delivered and nothing waits for a subscription.</summary>
    public bool IsDelivered => _cursors.TrueForAll(cursor => cursor.IsIdle && cursor.Position == End);

    /// <summary>Adds events behind the others.</summary>
    /// <returns>The number of events that were dropped to keep the bound.</returns>
    public long Append(ReadOnlySpan<object> events)
    {
        var start = _events.Count;
        CollectionsMarshal.SetCount(_events, start + events.Length);
        events.CopyTo(CollectionsMarshal.AsSpan(_events)[start..]);
        return _events.Count > countMax ? DropOverflow() : 0;
    }

    /// <summary>True when the agent must be told, because no delivery under way will look for these events.</summary>
    public bool NeedsAnnouncement => _cursors.Count == 0 || _cursors.Exists(static cursor => cursor.IsIdle);

    /// <summary>The agent is being told of everything up to now.</summary>
    /// <returns>The number of the first event that it had not been told of.</returns>
    public long Announce()
    {
        var from = Math.Max(_announced, _first);
        _announced = End;
        IsReady = false;
        return from;
    }

    /// <summary>Starts a subscription at an event, or at the first one that the agent has not been told of.</summary>
    public void Add(BacklogCursor cursor, long? from)
    {
        cursor.Position = Math.Clamp(from ?? _announced, _first, End);
        cursor.HasLost = from < _first;
        _cursors.Add(cursor);
    }

    /// <summary>Ends a subscription and forgets what only it waited for.</summary>
    public void Remove(BacklogCursor cursor)
    {
        _cursors.Remove(cursor);
        Forget(_cursors.Count > 0 ? FirstWanted() : Math.Max(_announced, _first));
    }

    /// <summary>Takes everything that waits for a subscription; null, and the subscription is idle, if nothing does.</summary>
    public PushBatch? Take(BacklogCursor cursor)
    {
        cursor.IsIdle = cursor.Position == End;
        if (cursor.IsIdle)
        {
            return null;
        }

        var items = CollectionsMarshal.AsSpan(_events)[(int)(cursor.Position - _first)..].ToArray();
        var batch = new PushBatch(StreamId, new PushStreamToken(cursor.Position, cursor.HasLost), items);
        cursor.Position = End;
        cursor.HasLost = false;
        Forget(FirstWanted());
        return batch;
    }

    /// <summary>Forgets what the agent knew of at the last call and no subscription has claimed since.</summary>
    public void ForgetUnclaimed()
    {
        if (_cursors.Count == 0)
        {
            Forget(Math.Max(_unclaimed, _first));
            _unclaimed = _announced;
        }
    }

    private long DropOverflow()
    {
        foreach (var cursor in _cursors)
        {
            if (End - cursor.Position > countMax)
            {
                cursor.Position = End - 1;
                cursor.HasLost = true;
            }
        }

        var before = _first;
        Forget(_cursors.Count > 0 ? FirstWanted() : End - 1);
        return _first - before;
    }

    private long FirstWanted()
    {
        var first = End;
        foreach (var cursor in _cursors)
        {
            first = Math.Min(first, cursor.Position);
        }

        return first;
    }

    private void Forget(long before)
    {
        _events.RemoveRange(0, (int)(before - _first));
        _first = before;
    }
}
