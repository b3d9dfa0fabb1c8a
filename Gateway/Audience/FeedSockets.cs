using System.Collections.Immutable;
using NewLoom.Chats;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Audience;

/// <summary>The sockets that receive one chat. Guarded by their feed's lock.</summary>
/// <remarks>The array is replaced, never changed: what a send sets off may take a socket out while others are still to
/// be told.</remarks>
internal sealed class FeedSockets
{
    private Subscription[] _all = [];

    public bool IsEmpty => _all.Length == 0;

    public Subscription? Find(ChatSocket socket) => Array.Find(_all, subscription => subscription.Socket == socket);

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
    public bool TryKeep(ChatSocket socket, int removalCount)
    {
        if (Find(socket) is not { } subscription)
        {
            return false;
        }

        subscription.AuthorizedAt = Math.Max(subscription.AuthorizedAt, removalCount);
        return true;
    }

    /// <summary>Sends messages to one socket, if the subscription still stands.</summary>
    public bool TrySendMissed(Subscription subscription, ImmutableArray<ChatMessage> messages)
    {
        if (!Contains(subscription))
        {
            return false;
        }

        foreach (var message in messages)
        {
            subscription.Socket.Send(EncodedFrame.Of(new MessageNotice(MessageBody.Of(message))));
        }

        return true;
    }

    public void Remove(ChatSocket socket) => RemoveAll(subscription => subscription.Socket == socket);

    /// <summary>Ends the subscriptions of strangers; of the users that were asked for, the others are
    /// confirmed.</summary>
    public void Confirm(ImmutableArray<string> asked, ImmutableArray<string> strangers, int removalCount)
    {
        var gone = strangers.ToHashSet(StringComparer.Ordinal);
        RemoveAll(subscription => gone.Contains(subscription.Socket.User));
        var confirmed = asked.ToHashSet(StringComparer.Ordinal);
        foreach (var subscription in _all.Where(subscription => confirmed.Contains(subscription.Socket.User)))
        {
            subscription.AuthorizedAt = removalCount;
        }
    }

    /// <summary>Ends the subscriptions that a removal meets: not those that were allowed after it.</summary>
    public void Cut(MemberRemoved removed) => RemoveAll(subscription =>
        (removed.User is null || removed.User == subscription.Socket.User)
        && subscription.AuthorizedAt < removed.Position.RemovalCount);

    public void Offer(ChatMessage message)
    {
        var frame = EncodedFrame.Of(new MessageNotice(MessageBody.Of(message)));
        foreach (var subscription in _all)
        {
            subscription.Offer(frame, message.Seq);
        }
    }

    /// <summary>Tells everybody but the socket on which the user types.</summary>
    public void Send(TypingChanged typing)
    {
        var frame = EncodedFrame.Of(new TypingNotice(typing.TopicId, typing.User, typing.IsTyping));
        foreach (var subscription in _all)
        {
            if (subscription.Socket.ConnectionId != typing.ConnectionId)
            {
                subscription.Socket.Send(frame);
            }
        }
    }

    public void Send(EncodedFrame frame)
    {
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

    private void RemoveAll(Predicate<Subscription> which)
    {
        if (Array.Exists(_all, which))
        {
            _all = Array.FindAll(_all, subscription => !which(subscription));
        }
    }
}
