using System.Collections.Immutable;
using NewLoom.Chats;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Audience;

/// <summary>One chat on this gateway: takes its events in order and passes them to the sockets that receive
/// it.</summary>
/// <remarks>
/// <para>Events come at least once, in order, and may be lost when a backlog overflows or a silo dies. Each carries the
/// chat's position; when it does not follow on the feed's own, events are held back and a <see cref="FeedRepair"/> is
/// asked for, which reads what is missing from the log.</para>
/// <para>All members are guarded by one lock, and nothing in it waits: sockets take a frame or are closed.</para>
/// </remarks>
internal sealed class ChatFeed(long chatId, Func<ChatFeed, Task> repair)
{
    /// <summary>Events held back during a repair; more are forgotten, which the next event's position shows.</summary>
    private const int HeldCountMax = 10_000;

    private readonly Lock _gate = new();
    private readonly FeedSockets _sockets = new();
    private readonly Queue<ChatEvent> _held = new();
    private readonly FeedPosition _position = new();
    private Task _repair = Task.CompletedTask;
    private Task? _leave;
    private bool _isRepairing;
    private int _pins;

    public long ChatId { get; } = chatId;

    /// <summary>Ends when the gateway has left the chat, if it is leaving; a new feed may begin then.</summary>
    public Task Left => _leave ?? Task.CompletedTask;

    /// <summary>Ends with the repair that is under way, if there is one.</summary>
    public Task Repaired => _repair;

    /// <summary>The last message that was passed on; 0 before the first.</summary>
    public long LastSeq
    {
        get
        {
            lock (_gate)
            {
                return _position.LastSeq;
            }
        }
    }

    /// <summary>Keeps the feed from being left while somebody subscribes.</summary>
    /// <returns>False when it is being left already.</returns>
    public bool TryPin()
    {
        lock (_gate)
        {
            _pins += _leave is null ? 1 : 0;
            return _leave is null;
        }
    }

    public void Unpin()
    {
        lock (_gate)
        {
            _pins--;
        }
    }

    /// <summary>Leaves the chat if nobody needs the feed. Nobody can pin it after that.</summary>
    public void LeaveIfUnused(Func<ChatFeed, Task> leave)
    {
        lock (_gate)
        {
            if (_leave is null && _pins == 0 && _sockets.IsEmpty)
            {
                _leave = leave(this);
            }
        }
    }

    /// <summary>Adds a socket with the chat's word that its user is a member.</summary>
    /// <param name="socket">The socket; an earlier subscription of it is replaced.</param>
    /// <param name="joined">Where the chat was when it said so.</param>
    /// <param name="holds">Whether to hold live messages back until the subscription is released.</param>
    /// <returns>Null when a member was removed meanwhile: the chat must be asked again.</returns>
    public Subscription? TryAdd(ChatSocket socket, TopicPosition joined, bool holds)
    {
        lock (_gate)
        {
            if (_position.HasRemovedSince(joined))
            {
                return null;
            }

            var isFirst = !_position.IsKnown;
            if (isFirst)
            {
                _position.Begin(joined);
            }

            // Messages may have been passed on while the chat's answer was on its way.
            var sentThrough = Math.Max(joined.LastSeq, _position.LastSeq);
            var subscription = new Subscription(socket, sentThrough, joined.RemovalCount);
            if (holds)
            {
                subscription.Hold();
            }

            _sockets.Put(subscription);
            if (isFirst)
            {
                TakeHeld();
            }
            else if (!_position.IsSameActivation(joined))
            {
                Repair();
            }

            return subscription;
        }
    }

    /// <summary>Leaves a socket that receives the chat already where it is: the chat says that it still may.</summary>
    /// <returns>False when it does not receive the chat.</returns>
    public bool TryKeep(ChatSocket socket, TopicPosition joined)
    {
        lock (_gate)
        {
            return _sockets.TryKeep(socket, joined.RemovalCount);
        }
    }

    /// <summary>Sends messages that the socket missed, unless the subscription has ended or begun anew.</summary>
    /// <returns>Whether it stands.</returns>
    public bool TrySendMissed(Subscription subscription, ImmutableArray<ChatMessage> messages)
    {
        lock (_gate)
        {
            return _sockets.TrySendMissed(subscription, messages);
        }
    }

    public void Release(Subscription subscription)
    {
        lock (_gate)
        {
            if (_sockets.Contains(subscription))
            {
                subscription.Release();    // one that has ended meanwhile must not send what it held back
            }
        }
    }

    public void Remove(ChatSocket socket)
    {
        lock (_gate)
        {
            _sockets.Remove(socket);
        }
    }

    public bool Has(ChatSocket socket)
    {
        lock (_gate)
        {
            return _sockets.Find(socket) is not null;
        }
    }

    /// <summary>Takes the next event from the stream.</summary>
    public void Take(ChatEvent item)
    {
        lock (_gate)
        {
            if (!_isRepairing && _position.IsFollowedBy(item))
            {
                Deliver(item);
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
        lock (_gate)
        {
            _sockets.SendOthers(user, encode);
        }
    }

    /// <summary>Asks for a repair, because something may have been missed.</summary>
    public void Repair()
    {
        lock (_gate)
        {
            if (!_isRepairing && _position.IsKnown)
            {
                _isRepairing = true;
                _repair = repair(this);
            }
        }
    }

    public ImmutableArray<string> Users()
    {
        lock (_gate)
        {
            return _sockets.Users();
        }
    }

    /// <summary>In a repair: ends the subscriptions of users who are no members any more.</summary>
    public void Confirm(ImmutableArray<string> asked, RejoinResult answer)
    {
        lock (_gate)
        {
            _sockets.Confirm(asked, answer.Strangers, answer.Position.RemovalCount);
        }
    }

    /// <summary>In a repair: passes on messages that were missed.</summary>
    public void TakeMissed(ImmutableArray<ChatMessage> messages)
    {
        lock (_gate)
        {
            foreach (var message in messages)
            {
                PassOn(message);
            }
        }
    }

    /// <summary>Ends a repair at the position that the chat gave, and goes on with what was held back.</summary>
    public void EndRepair(TopicPosition position)
    {
        lock (_gate)
        {
            _position.Confirm(position);
            _isRepairing = false;
            TakeHeld();
        }
    }

    private void TakeHeld()
    {
        while (!_isRepairing && _held.TryPeek(out var item))
        {
            if (_position.Covers(item))
            {
                _held.Dequeue();
            }
            else if (_position.IsFollowedBy(item))
            {
                Deliver(_held.Dequeue());
            }
            else
            {
                Repair();
            }
        }
    }

    private void Deliver(ChatEvent item)
    {
        switch (item)
        {
            case MessagePosted posted:
                PassOn(posted.Message);
                break;
            case MemberRemoved removed:
                _position.NoteRemoval(removed.Position.RemovalCount);
                _sockets.Cut(removed);
                break;
            case TypingChanged typing:
                _sockets.Send(typing);
                break;
            case MarkMoved mark:
                _sockets.Send(EncodedFrame.Of(FrameMapping.Of(mark)));
                break;
        }
    }

    private void PassOn(ChatMessage message)
    {
        if (_position.TryAdvance(message.Seq))
        {
            _sockets.Offer(message);
        }
    }
}
