using System.Collections.Immutable;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Gateway.Telemetry;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Audience;

/// <summary>One topic on this gateway: takes its events in order and passes them to the sockets that receive
/// it.</summary>
/// <remarks>
/// <para>Events come at least once, in order, and may be lost when a backlog overflows or a silo dies. Each carries the
/// topic's position; when it does not follow on the feed's own, events are held back and a <see cref="FeedRepair"/> is
/// asked for, which reads what is missing from storage.</para>
/// <para>All members are guarded by one lock, and nothing in it waits: sockets take a frame or are closed.</para>
/// </remarks>
internal abstract class TopicFeed(long topicId, Func<TopicFeed, Task> repair, GatewayMetrics? metrics)
{
    /// <summary>Events held back during a repair; more are forgotten, which the next event's position shows.</summary>
    private const int HeldCountMax = 10_000;

    private readonly Queue<TopicEvent> _held = new();
    private Task _repair = Task.CompletedTask;
    private Task? _leave;
    private bool _isRepairing;
    private int _pins;

    public long TopicId { get; } = topicId;

    /// <summary>Ends when the gateway has left the topic, if it is leaving; a new feed may begin then.</summary>
    public Task Left => _leave ?? Task.CompletedTask;

    /// <summary>Ends with the repair that is under way, if there is one.</summary>
    public Task Repaired => _repair;

    /// <summary>The last placed event that was passed on; 0 before the first.</summary>
    public long LastSeq
    {
        get
        {
            lock (Gate)
            {
                return Position.LastSeq;
            }
        }
    }

    protected Lock Gate { get; } = new();

    protected FeedSockets Sockets { get; } = new();

    protected FeedPosition Position { get; } = new();

    /// <summary>The topic's grain.</summary>
    public abstract ITopicAudienceGrain TopicOf(IGrainFactory grains);

    /// <summary>In a repair: reads what was missed, as far as the topic has come, and passes it on.</summary>
    public abstract Task CatchUpAsync(
        DoorCalls doors, TopicPosition through, CancellationToken cancellationToken);

    /// <summary>Keeps the feed from being left while somebody subscribes.</summary>
    /// <returns>False when it is being left already.</returns>
    public bool TryPin()
    {
        lock (Gate)
        {
            _pins += _leave is null ? 1 : 0;
            return _leave is null;
        }
    }

    public void Unpin()
    {
        lock (Gate)
        {
            _pins--;
        }
    }

    /// <summary>Leaves the topic if nobody needs the feed. Nobody can pin it after that.</summary>
    public void LeaveIfUnused(Func<TopicFeed, Task> leave)
    {
        lock (Gate)
        {
            if (_leave is null && _pins == 0 && Sockets.IsEmpty)
            {
                _leave = leave(this);
            }
        }
    }

    /// <summary>Leaves a socket that receives the topic already where it is: the topic says that it still
    /// may.</summary>
    /// <returns>False when it does not receive the topic.</returns>
    public bool TryKeep(ClientSocket socket, TopicPosition joined)
    {
        lock (Gate)
        {
            return Sockets.TryKeep(socket, joined.RemovalCount);
        }
    }

    public void Remove(ClientSocket socket)
    {
        lock (Gate)
        {
            Sockets.Remove(socket);
        }
    }

    /// <summary>Ends what a socket receives because its user may not receive the topic any more.</summary>
    public void Expel(ClientSocket socket)
    {
        lock (Gate)
        {
            TellEnd(Sockets.Remove(socket));
        }
    }

    public bool Has(ClientSocket socket)
    {
        lock (Gate)
        {
            return Sockets.Find(socket) is not null;
        }
    }

    /// <summary>Takes the next event from the stream.</summary>
    public void Take(TopicEvent item)
    {
        lock (Gate)
        {
            if (!_isRepairing && Position.IsFollowedBy(item))
            {
                Pass(item);
                return;
            }

            if (_held.Count == HeldCountMax)
            {
                _held.Clear();
            }

            _held.Enqueue(item);
            Repair();
        }
    }

    /// <summary>Passes a frame, made when somebody wants it, to extended sockets of others than the user.</summary>
    public void TellOthers(string user, Func<EncodedFrame> encode)
    {
        lock (Gate)
        {
            Sockets.SendOthers(user, encode);
        }
    }

    /// <summary>Asks for a repair, because something may have been missed.</summary>
    public void Repair()
    {
        lock (Gate)
        {
            if (!_isRepairing && Position.IsKnown)
            {
                _isRepairing = true;
                _repair = repair(this);
            }
        }
    }

    /// <summary>Whether the topic has come further than the feed.</summary>
    public bool IsBehind(TopicPosition topic)
    {
        lock (Gate)
        {
            return Position.IsKnown && Position.IsBehind(topic);
        }
    }

    public ImmutableArray<string> Users()
    {
        lock (Gate)
        {
            return Sockets.Users();
        }
    }

    /// <summary>In a repair: ends the subscriptions of users who may not receive the topic any more.</summary>
    public void Confirm(ImmutableArray<string> asked, RejoinResult answer)
    {
        lock (Gate)
        {
            TellEnd(Sockets.Confirm(asked, answer.Strangers, answer.Position.RemovalCount));
        }
    }

    /// <summary>Ends a repair at the position that the topic gave, and goes on with what was held back.</summary>
    /// <returns>False when what was held back does not follow on that: the topic must be asked again.</returns>
    public bool TryEndRepair(TopicPosition position)
    {
        lock (Gate)
        {
            Position.Confirm(position);
            _isRepairing = !TryTakeHeld();
            return !_isRepairing;
        }
    }

    /// <summary>Adds a subscription with the topic's word that its socket's user may receive it.</summary>
    /// <param name="subscription">Replaces an earlier one of the same socket.</param>
    /// <param name="joined">Where the topic was when it said so.</param>
    protected void Add(Subscription subscription, TopicPosition joined)
    {
        Sockets.Put(subscription);
        if (!Position.IsKnown)
        {
            Position.Begin(joined);
            TakeHeld();
        }
        else if (!Position.IsSameActivation(joined))
        {
            Repair();
        }
    }

    /// <summary>Passes an event on that is not a removal.</summary>
    protected abstract void Deliver(TopicEvent item);

    /// <summary>Tells those who may not receive the topic any more.</summary>
    protected virtual void TellEnd(Subscription[] ended)
    {
    }

    private void Pass(TopicEvent item)
    {
        using var span = GatewayTraces.StartDelivery(item);
        var givenBefore = Sockets.GivenCount;
        if (item is IAccessRemoved removed)
        {
            Position.NoteRemoval(item.Position.RemovalCount);
            TellEnd(Sockets.Cut(removed.User, item.Position.RemovalCount));
        }
        else
        {
            Deliver(item);
        }

        var givenCount = Sockets.GivenCount - givenBefore;
        span?.SetTag("newloom.sockets", givenCount);
        metrics?.Delivered(item, givenCount);
    }

    private void TakeHeld()
    {
        if (!_isRepairing && !TryTakeHeld())
        {
            Repair();
        }
    }

    /// <summary>Passes on what was held back.</summary>
    /// <returns>False when something of it does not follow on what was passed on.</returns>
    private bool TryTakeHeld()
    {
        while (_held.TryPeek(out var item))
        {
            if (Position.IsFollowedBy(item))
            {
                Pass(_held.Dequeue());
            }
            else if (Position.Covers(item))
            {
                _held.Dequeue();
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
