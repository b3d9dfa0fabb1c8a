using System.Collections.Immutable;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Streams;

namespace NewLoom.Gateway.Audience;

/// <summary>The sockets that receive one topic. Guarded by their feed's lock.</summary>
/// <remarks>The array is replaced, never changed: what a send sets off may take a socket out while others are still to
/// be told.</remarks>
internal sealed class FeedSockets
{
    private Subscription[] _all = [];

    /// <summary>Events that were given to sockets, for each of them.</summary>
    public long GivenCount { get; private set; }

    public bool IsEmpty => _all.Length == 0;

    public Subscription? Find(ClientSocket socket) => Array.Find(_all, subscription => subscription.Socket == socket);

    public bool Contains(Subscription subscription) => Array.IndexOf(_all, subscription) >= 0;

    /// <summary>The users behind the sockets, each once.</summary>
    public ImmutableArray<string> Users() => [.. _all.Select(subscription => subscription.Socket.User).Distinct()];

    /// <summary>Adds a subscription in place of an earlier one of the same socket.</summary>
    public void Put(Subscription subscription)
    {
        RemoveAll(other => other.Socket == subscription.Socket);
        _all = [.. _all, subscription];
    }

    /// <summary>Confirms the subscription of a socket, if it has one.</summary>
    public bool TryKeep(ClientSocket socket, int removalCount)
    {
        if (Find(socket) is not { } subscription)
        {
            return false;
        }

        subscription.AuthorizedAt = Math.Max(subscription.AuthorizedAt, removalCount);
        return true;
    }

    /// <returns>What has ended, if anything has.</returns>
    public Subscription[] Remove(ClientSocket socket) => RemoveAll(subscription => subscription.Socket == socket);

    /// <summary>Ends the subscriptions of strangers; of the users that were asked for, the others are
    /// confirmed.</summary>
    /// <returns>Those that have ended.</returns>
    public Subscription[] Confirm(ImmutableArray<string> asked, ImmutableArray<string> strangers, int removalCount)
    {
        var gone = strangers.ToHashSet(StringComparer.Ordinal);
        var ended = RemoveAll(subscription => gone.Contains(subscription.Socket.User));
        var confirmed = asked.ToHashSet(StringComparer.Ordinal);
        foreach (var subscription in _all.Where(subscription => confirmed.Contains(subscription.Socket.User)))
        {
            subscription.AuthorizedAt = removalCount;
        }

        return ended;
    }

    /// <summary>Ends the subscriptions that a removal meets: not those that were allowed after it.</summary>
    /// <param name="user">Whose; null: everybody's.</param>
    /// <param name="removalCount">The topic's count with this removal.</param>
    /// <returns>Those that have ended.</returns>
    public Subscription[] Cut(string? user, int removalCount) => RemoveAll(subscription =>
        (user is null || user == subscription.Socket.User) && subscription.AuthorizedAt < removalCount);

    /// <summary>Passes a placed event on to those who do not have it.</summary>
    public void Offer(EncodedFrame frame, long seq)
    {
        GivenCount += _all.Length;
        foreach (var subscription in _all)
        {
            subscription.Offer(frame, seq);
        }
    }

    /// <summary>Passes counters on to those who do not have them.</summary>
    public void OfferStats(EncodedFrame frame, long seq, StreamStats stats)
    {
        GivenCount += _all.Length;
        foreach (var subscription in _all)
        {
            subscription.OfferStats(frame, seq, stats);
        }
    }

    /// <summary>Passes the counters of an execution that ends with the placed event <paramref name="seq"/>
    /// on.</summary>
    public void OfferFinalStats(EncodedFrame frame, long seq, StreamStats stats)
    {
        GivenCount += _all.Length;
        foreach (var subscription in _all)
        {
            subscription.OfferFinalStats(frame, seq, stats);
        }
    }

    /// <summary>Forgets which counters were sent to those who do not have this event: others begin with it.</summary>
    public void ForgetStats(long seq)
    {
        foreach (var subscription in _all)
        {
            subscription.Stats = seq > subscription.SentThrough ? null : subscription.Stats;
        }
    }

    /// <summary>Tells everybody but one socket.</summary>
    public void SendExcept(string connectionId, EncodedFrame frame)
    {
        GivenCount += _all.Length;
        foreach (var subscription in _all)
        {
            if (subscription.Socket.ConnectionId != connectionId)
            {
                subscription.Socket.Send(frame);
            }
        }
    }

    public void Send(EncodedFrame frame)
    {
        GivenCount += _all.Length;
        foreach (var subscription in _all)
        {
            subscription.Socket.Send(frame);
        }
    }

    /// <summary>Tells extended sockets of others than the user; the frame is made when somebody wants it.</summary>
    public void SendOthers(string user, Func<EncodedFrame> encode)
    {
        EncodedFrame? frame = null;
        foreach (var subscription in _all)
        {
            if (subscription.Socket.IsExtended && subscription.Socket.User != user)
            {
                subscription.Socket.Send(frame ??= encode());
            }
        }
    }

    private Subscription[] RemoveAll(Predicate<Subscription> which)
    {
        var removed = Array.FindAll(_all, which);
        if (removed.Length > 0)
        {
            _all = Array.FindAll(_all, subscription => !which(subscription));
        }

        return removed;
    }
}
