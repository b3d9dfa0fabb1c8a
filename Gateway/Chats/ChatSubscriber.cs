using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using NewLoom.Chats;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;

namespace NewLoom.Gateway.Chats;

/// <summary>Subscribes sockets to chats as their clients ask, with what they missed.</summary>
internal sealed class ChatSubscriber(IGrainFactory grains, ChatAudience audience)
{
    /// <summary>The most missed messages that are sent; older ones are read with <c>history</c>.</summary>
    private const int MissedCountMax = 1_000;

    private const int PageCount = 100;

    /// <summary>Subscribes a socket and says so; then sends every message after the cursor, then live ones.</summary>
    /// <returns>False when the socket's user is not a member.</returns>
    public async Task<bool> SubscribeAsync(ClientSocket socket, ChatCursor cursor, string? requestId)
    {
        if (cursor.AfterSeq is null
            && await audience.KeepAsync(socket, cursor.ChatId, socket.Ending) is { } lastSeq)
        {
            socket.Send(new SubscribedReply(cursor.ChatId, lastSeq) { RequestId = requestId });
            return true;
        }

        var subscribed = await audience.SubscribeAsync(socket, cursor.ChatId, holds: true, socket.Ending);
        if (subscribed is null)
        {
            return false;
        }

        try
        {
            await ReplyAsync(socket, cursor, requestId, subscribed);
        }
        catch
        {
            // What was held back must not be lost in silence: the client hears of the error and subscribes again.
            audience.Unsubscribe(socket, [cursor.ChatId]);
            throw;
        }

        subscribed.Feed.Release(subscribed.Subscription);
        return true;
    }

    /// <summary>Lets a socket receive a chat that its user has just become a member of, from the first message after
    /// that; one that receives it already goes on.</summary>
    public async Task FollowAsync(ClientSocket socket, long chatId, long afterSeq, CancellationToken cancellationToken)
    {
        var subscribed = await audience.SubscribeAsync(
            socket, chatId, holds: true, cancellationToken, keepsPlace: true);
        if (subscribed is null)
        {
            return;
        }

        try
        {
            // What was missed is sent at once or not at all: when this fails it is done again from the beginning.
            var missed = new List<ImmutableArray<ChatMessage>>();
            await foreach (var page in ReadAsync(chatId, afterSeq, subscribed.Chat.Seq, cancellationToken))
            {
                missed.Add(page);
            }

            // Waits for no reader: others wait behind this one.
            missed.ForEach(page => subscribed.Feed.TrySendMissed(subscribed.Subscription, page));
        }
        catch
        {
            audience.Unsubscribe(socket, [chatId]);
            socket.Topics.Forget(chatId);
            throw;
        }

        subscribed.Feed.Release(subscribed.Subscription);
    }

    private async Task ReplyAsync(ClientSocket socket, ChatCursor cursor, string? requestId, SubscribedChat subscribed)
    {
        var last = subscribed.Chat.Seq;
        if (cursor.AfterSeq is { } known && known > last && await HasAsync(cursor.ChatId, known, socket.Ending))
        {
            // The activation that has answered lags behind another one, whose messages the client has.
            last = known;
            subscribed.Feed.SkipThrough(subscribed.Subscription, known);
        }

        var after = Math.Min(cursor.AfterSeq ?? last, last);
        var isTruncated = last - after > MissedCountMax;
        socket.Send(new SubscribedReply(cursor.ChatId, last)
        {
            Truncated = isTruncated ? true : null,
            RequestId = requestId,
        });

        after = isTruncated ? last - MissedCountMax : after;
        await foreach (var page in ReadAsync(cursor.ChatId, after, last, socket.Ending))
        {
            await socket.Outbox.WaitForRoomAsync(socket.Ending);
            if (!subscribed.Feed.TrySendMissed(subscribed.Subscription, page))
            {
                return;
            }
        }
    }

    /// <summary>Whether the log has a message with this place, whatever an activation of the chat knows.</summary>
    private async Task<bool> HasAsync(long chatId, long seq, CancellationToken cancellationToken) =>
        await grains.GetGrain<IChatAudienceGrain>(chatId).ReadAsync(seq - 1, seq, limit: 1, cancellationToken) is [_];

    private async IAsyncEnumerable<ImmutableArray<ChatMessage>> ReadAsync(
        long chatId, long after, long last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chat = grains.GetGrain<IChatAudienceGrain>(chatId);
        while (after < last)
        {
            var page = await chat.ReadAsync(after, last, PageCount, cancellationToken);
            if (page.IsEmpty)
            {
                yield break;
            }

            yield return page;
            after = page[^1].Seq;
        }
    }
}
