using System.Threading.Channels;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Users;

namespace NewLoom.Gateway.Audience;

/// <summary>Passes on what concerns a user: chats that it joined or left, and whether it is online.</summary>
/// <remarks>Subscribing asks a grain, and the gateway's stream must not wait for that; so it is done by a loop of its
/// own, fed by a bounded queue. A socket for which there is no room is closed and finds its chats when it comes
/// back.</remarks>
internal sealed partial class UserNews(
    SocketRegistry registry, ChatAudience audience, Subscriber subscriber, InitialChats initialChats,
    ILogger<UserNews> logger) : BackgroundService
{
    private const int WaitingCountMax = 10_000;

    private readonly Channel<(ChatSocket Socket, ChatAdded? Added)> _joins =
        Channel.CreateBounded<(ChatSocket, ChatAdded?)>(
            new BoundedChannelOptions(WaitingCountMax) { SingleReader = true });

    /// <summary>Takes an event from the gateway's stream.</summary>
    public void Take(UserEvent item)
    {
        switch (item)
        {
            case ChatAdded added:
                Tell(added.User, new ChatAddedNotice(added.ChatId, added.Name));
                foreach (var socket in registry.Of(added.User))
                {
                    Join(socket, added);
                }

                break;
            case ChatRemoved removed:
                Tell(removed.User, new ChatRemovedNotice(removed.ChatId));
                break;
            case PresenceChanged presence:
                foreach (var chatId in presence.ChatIds)
                {
                    audience.Find(chatId)?.TellOthers(presence.User, () => EncodedFrame.Of(
                        new PresenceNotice(chatId, presence.User, presence.IsOnline, presence.LastSeen)));
                }

                break;
        }
    }

    /// <summary>Looks for chats that sockets should receive and were never told of, after events were lost.</summary>
    public void Relist()
    {
        foreach (var socket in registry.All)
        {
            Join(socket, added: null);
        }
    }

    /// <summary>Lets a socket that receives all of its user's chats receive this one too.</summary>
    private void Join(ChatSocket socket, ChatAdded? added)
    {
        if (socket.Scope.IsAll && !_joins.Writer.TryWrite((socket, added)))
        {
            socket.Close(CloseCode.GoingAway);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (socket, added) in _joins.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await (added is null
                    ? RelistAsync(socket, stoppingToken)
                    : FollowAsync(socket, added.ChatId, added.Seq, stoppingToken));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.JoinFailed(logger, socket.ConnectionId, e);
                socket.Close(CloseCode.GoingAway);
            }
        }
    }

    private async Task RelistAsync(ChatSocket socket, CancellationToken cancellationToken)
    {
        var known = socket.NotedChats().ToHashSet();    // also those that it has unsubscribed from
        foreach (var chat in await initialChats.ListAsync(socket.User, cancellationToken))
        {
            if (known.Contains(chat.ChatId))
            {
                continue;
            }

            if (socket.IsExtended)
            {
                socket.Send(new ChatAddedNotice(chat.ChatId, chat.Name));
            }

            await FollowAsync(socket, chat.ChatId, chat.Seq, cancellationToken);
        }
    }

    private async Task FollowAsync(ChatSocket socket, long chatId, long afterSeq, CancellationToken cancellationToken)
    {
        try
        {
            await subscriber.FollowAsync(socket, chatId, afterSeq, cancellationToken);
        }
        finally
        {
            if (!registry.Has(socket))
            {
                audience.Unsubscribe(socket, chatId);    // it ended meanwhile, and nobody else would
            }
        }
    }

    private void Tell(string user, ServerFrame notice)
    {
        var sockets = registry.Of(user).Where(socket => socket.IsExtended).ToList();
        if (sockets.Count > 0)
        {
            var frame = EncodedFrame.Of(notice);
            sockets.ForEach(socket => socket.Send(frame));
        }
    }
}
