using System.Collections.Immutable;
using NewLoom.Chats;
using NewLoom.Gateway.Audience;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Gateway.Telemetry;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Chats;

/// <summary>One chat on this gateway.</summary>
internal sealed class ChatFeed(long chatId, Func<TopicFeed, Task> repair, GatewayMetrics? metrics = null)
    : TopicFeed(chatId, repair, metrics)
{
    private const int PageCount = 200;

    public override ITopicAudienceGrain TopicOf(IGrainFactory grains) => ChatOf(grains);

    /// <summary>Adds a socket with the chat's word that its user is a member.</summary>
    /// <param name="socket">The socket; an earlier subscription of it is replaced.</param>
    /// <param name="joined">Where the chat was when it said so.</param>
    /// <param name="holds">Whether to hold live messages back until the subscription is released.</param>
    /// <returns>Null when a member was removed meanwhile: the chat must be asked again.</returns>
    public Subscription? TryAdd(ClientSocket socket, TopicPosition joined, bool holds)
    {
        lock (Gate)
        {
            if (Position.HasRemovedSince(joined))
            {
                return null;
            }

            // Messages may have been passed on while the chat's answer was on its way.
            var sentThrough = Math.Max(joined.LastSeq, Position.LastSeq);
            var subscription = new Subscription(socket, sentThrough, joined.RemovalCount);
            if (holds)
            {
                subscription.Hold();
            }

            Add(subscription, joined);
            return subscription;
        }
    }

    /// <summary>Sends messages that the socket missed, unless the subscription has ended or begun anew.</summary>
    /// <returns>Whether it stands.</returns>
    public bool TrySendMissed(Subscription subscription, ImmutableArray<ChatMessage> messages)
    {
        lock (Gate)
        {
            if (!Sockets.Contains(subscription))
            {
                return false;
            }

            foreach (var message in messages)
            {
                subscription.Socket.Send(Encode(message));
            }

            return true;
        }
    }

    /// <summary>Lets a subscription that holds live messages back leave out what its socket has.</summary>
    public void SkipThrough(Subscription subscription, long seq)
    {
        lock (Gate)
        {
            subscription.SkipThrough(seq);
        }
    }

    public void Release(Subscription subscription)
    {
        lock (Gate)
        {
            if (Sockets.Contains(subscription))
            {
                subscription.Release();    // one that has ended meanwhile must not send what it held back
            }
        }
    }

    public override async Task CatchUpAsync(
        DoorCalls doors, TopicPosition through, CancellationToken cancellationToken)
    {
        var chat = ChatOf(doors.Grains);
        while (LastSeq < through.LastSeq)
        {
            var missed = await doors.AskAsync(
                (door, token) => door.ReadAsync(chat, LastSeq, through.LastSeq, PageCount, token), cancellationToken);
            if (missed.IsEmpty)
            {
                return;
            }

            TakeMissed(missed);
        }
    }

    /// <summary>In a repair: passes on messages that were missed.</summary>
    public void TakeMissed(ImmutableArray<ChatMessage> messages)
    {
        lock (Gate)
        {
            foreach (var message in messages)
            {
                PassOn(message);
            }
        }
    }

    protected override void Deliver(TopicEvent item)
    {
        switch (item)
        {
            case MessagePosted posted:
                PassOn(posted.Message);
                break;
            case TypingChanged typing:
                Sockets.SendExcept(
                    typing.ConnectionId,
                    EncodedFrame.Of(new TypingNotice(TopicId, typing.User, typing.IsTyping)));
                break;
            case MarkMoved mark:
                Sockets.Send(EncodedFrame.Of(FrameMapping.Of(mark)));
                break;
        }
    }

    private static EncodedFrame Encode(ChatMessage message) =>
        EncodedFrame.Of(new MessageNotice(MessageBody.Of(message)));

    private void PassOn(ChatMessage message)
    {
        if (Position.TryAdvance(message.Seq))
        {
            Sockets.Offer(Encode(message), message.Seq);
        }
    }

    private IChatAudienceGrain ChatOf(IGrainFactory grains) => grains.GetGrain<IChatAudienceGrain>(TopicId);
}
