using System.Collections.Concurrent;
using NewLoom.Chats;
using NewLoom.Gateway.Sockets;

namespace NewLoom.Gateway.Audience;

/// <summary>Which sockets of this gateway receive which chat: a <see cref="ChatFeed"/> for each chat that has
/// any.</summary>
internal sealed partial class ChatAudience(
    IGrainFactory grains, GatewayIdentity gateway, FeedRepair repair, ILogger<ChatAudience> logger)
{
    private readonly ConcurrentDictionary<long, ChatFeed> _feeds = new();

    public IEnumerable<ChatFeed> Feeds => _feeds.Values;

    /// <summary>Lets a socket receive a chat from here on.</summary>
    /// <param name="socket">The socket; if it receives the chat already, it starts anew.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="holds">Whether live messages are held back until the subscription is released.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="keepsPlace">Whether a socket that receives the chat already goes on where it is.</param>
    /// <returns>Null when the socket's user is not a member, or the socket keeps its place.</returns>
    public async Task<Subscribed?> SubscribeAsync(
        ChatSocket socket, long chatId, bool holds, CancellationToken cancellationToken, bool keepsPlace = false)
    {
        var feed = await PinAsync(chatId, cancellationToken);
        try
        {
            while (true)
            {
                var joined = await grains.GetGrain<IChatAudienceGrain>(chatId)
                    .JoinAsync(gateway.Id, socket.User, cancellationToken);
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
                    socket.NoteChat(chatId);
                    return new Subscribed(feed, subscription, joined.Chat with { Seq = subscription.SentThrough });
                }
            }
        }
        finally
        {
            feed.Unpin();
        }
    }

    /// <summary>Ends what <see cref="SubscribeAsync"/> began. Harmless when there was nothing.</summary>
    public void Unsubscribe(ChatSocket socket, long chatId)
    {
        if (_feeds.TryGetValue(chatId, out var feed))
        {
            feed.Remove(socket);
        }
    }

    /// <summary>Ends everything that a socket receives.</summary>
    public void Forget(ChatSocket socket)
    {
        foreach (var chatId in socket.NotedChats())
        {
            Unsubscribe(socket, chatId);
        }
    }

    public ChatFeed? Find(long chatId) => _feeds.GetValueOrDefault(chatId);

    /// <summary>Takes an event from the gateway's stream.</summary>
    public void Take(ChatEvent item)
    {
        var feed = _feeds.GetOrAdd(item.TopicId, NewFeed);
        feed.Take(item);
        feed.LeaveIfUnused(LeaveAsync);
    }

    /// <summary>Leaves the chats that nobody here receives any more.</summary>
    public void LeaveEmpty()
    {
        foreach (var feed in _feeds.Values)
        {
            feed.LeaveIfUnused(LeaveAsync);
        }
    }

    /// <summary>Waits until no call of a feed is under way.</summary>
    public async Task StopAsync()
    {
        await repair.StopAsync();
        await Task.WhenAll(_feeds.Values.SelectMany(feed => new[] { feed.Repaired, feed.Left }));
    }

    private async ValueTask<ChatFeed> PinAsync(long chatId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var feed = _feeds.GetOrAdd(chatId, NewFeed);
            if (feed.TryPin())
            {
                return feed;
            }

            // A join that overtook the leave would leave the gateway deaf.
            await feed.Left.WaitAsync(cancellationToken);
        }
    }

    private ChatFeed NewFeed(long chatId) => new(chatId, repair.RunAsync);

    private async Task LeaveAsync(ChatFeed feed)
    {
        try
        {
            await grains.GetGrain<IChatAudienceGrain>(feed.ChatId).LeaveAsync(gateway.Id);
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            // The chat goes on telling this gateway, and the next event makes it try again.
            Log.LeaveFailed(logger, feed.ChatId, e.Message);
        }
        finally
        {
            _feeds.TryRemove(feed.ChatId, out _);
        }
    }
}

/// <summary>A socket that receives a chat, and the chat as it was when that began: live messages follow its
/// last.</summary>
internal sealed record Subscribed(ChatFeed Feed, Subscription Subscription, ChatInfo Chat);
