using NewLoom.Chats;
using NewLoom.Gateway.Audience;
using NewLoom.Gateway.Sockets;
using NewLoom.Gateway.Telemetry;

namespace NewLoom.Gateway.Chats;

/// <summary>Which sockets of this gateway receive which chat.</summary>
internal sealed class ChatAudience(
    IGrainFactory grains, GatewayIdentity gateway, FeedRepair repair, GatewayMetrics metrics,
    ILogger<ChatAudience> logger)
    : TopicAudience<ChatFeed>(grains, gateway, logger)
{
    /// <summary>Lets a socket receive a chat from here on.</summary>
    /// <param name="socket">The socket; if it receives the chat already, it starts anew.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="holds">Whether live messages are held back until the subscription is released.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="keepsPlace">Whether a socket that receives the chat already goes on where it is.</param>
    /// <returns>Null when the socket's user is not a member, or the socket keeps its place.</returns>
    public async Task<SubscribedChat?> SubscribeAsync(
        ClientSocket socket, long chatId, bool holds, CancellationToken cancellationToken, bool keepsPlace = false)
    {
        var feed = await PinAsync(chatId, cancellationToken);
        try
        {
            while (true)
            {
                var joined = await Grains.GetGrain<IChatAudienceGrain>(chatId)
                    .JoinAsync(GatewayId, socket.User, cancellationToken);
                if (joined.Chat is null)
                {
                    feed.Remove(socket);
                    return null;
                }

                if (keepsPlace && feed.TryKeep(socket, joined.Position))
                {
                    return null;
                }

                if (feed.TryAdd(socket, joined.Position, holds) is { } subscription)
                {
                    socket.Topics.Note(chatId);
                    return new SubscribedChat(feed, subscription, joined.Chat with { Seq = subscription.SentThrough });
                }
            }
        }
        finally
        {
            feed.Unpin();
        }
    }

    /// <summary>Lets a socket that receives a chat go on where it is. The chat is asked: this gateway may not have heard
    /// yet that the user was removed, or of the last message.</summary>
    /// <returns>The chat's last message; null when the socket does not receive the chat, or may not.</returns>
    public async Task<long?> KeepAsync(ClientSocket socket, long chatId, CancellationToken cancellationToken)
    {
        if (Find(chatId) is not { } feed || !feed.Has(socket))
        {
            return null;
        }

        var joined = await Grains.GetGrain<IChatAudienceGrain>(chatId)
            .JoinAsync(GatewayId, socket.User, cancellationToken);
        return joined.Chat is not null && feed.TryKeep(socket, joined.Position)
            ? Math.Max(joined.Position.LastSeq, feed.LastSeq)
            : null;
    }

    protected override ChatFeed NewFeed(long topicId) => new(topicId, repair.RunAsync, metrics);
}

/// <summary>A socket that receives a chat, and the chat as it was when that began: live messages follow its
/// last.</summary>
internal sealed record SubscribedChat(ChatFeed Feed, Subscription Subscription, ChatInfo Chat);
