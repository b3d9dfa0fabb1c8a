using System.Threading.Channels;
using NewLoom.Gateway.Chats;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Users;

namespace NewLoom.Gateway.Audience;

/// <summary>Passes on what concerns a user: topics that it was given or lost, credentials that ended, and whether it
/// is online.</summary>
/// <remarks>Subscribing asks a grain, and the gateway's stream must not wait for that; so it is done by a loop of its
/// own, fed by a bounded queue. A socket for which there is no room is closed and finds its topics when it comes
/// back.</remarks>
internal sealed partial class UserNews(
    SocketRegistry registry, ChatAudience chats, CredentialWatch credentials, ILogger<UserNews> logger)
    : BackgroundService
{
    private const int WaitingCountMax = 10_000;

    private readonly Channel<(ClientSocket Socket, UserEvent? Added)> _joins =
        Channel.CreateBounded<(ClientSocket, UserEvent?)>(
            new BoundedChannelOptions(WaitingCountMax) { SingleReader = true });

    /// <summary>Takes an event from the gateway's stream.</summary>
    public void Take(UserEvent item)
    {
        switch (item)
        {
            case ChatAdded added:
                Tell(added.User, new ChatAddedNotice(added.ChatId, added.Name));
                Join(added);
                break;
            case StreamAdded added:
                Join(added);
                break;
            case ChatRemoved removed:
                Tell(removed.User, new ChatRemovedNotice(removed.ChatId));
                break;
            case CredentialEnded ended:
                credentials.End(ended);
                break;
            case PresenceChanged presence:
                foreach (var chatId in presence.ChatIds)
                {
                    chats.Find(chatId)?.TellOthers(presence.User, () => EncodedFrame.Of(
                        new PresenceNotice(chatId, presence.User, presence.IsOnline, presence.LastSeen)));
                }

                break;
        }
    }

    /// <summary>Looks for what sockets were never told of, after events were lost: topics that they should receive,
    /// credentials that have ended.</summary>
    public void Relist()
    {
        credentials.AskAll();
        foreach (var socket in registry.All)
        {
            Join(socket, added: null);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (socket, added) in _joins.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await (added is null
                    ? socket.Session.RelistAsync(stoppingToken)
                    : socket.Session.FollowAsync(added, stoppingToken));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.JoinFailed(logger, socket.ConnectionId, e);
                socket.Close(CloseCode.GoingAway);
            }
            finally
            {
                if (!registry.Has(socket))
                {
                    socket.Session.Forget();    // it ended meanwhile, and nobody else would
                }
            }
        }
    }

    private void Join(UserEvent added)
    {
        foreach (var socket in registry.Of(added.User))
        {
            Join(socket, added);
        }
    }

    /// <summary>Lets a socket that receives all of its user's topics receive this one too.</summary>
    private void Join(ClientSocket socket, UserEvent? added)
    {
        if (socket.Scope.IsAll && !_joins.Writer.TryWrite((socket, added)))
        {
            socket.Close(CloseCode.GoingAway);
        }
    }

    private void Tell(string user, ServerFrame notice)
    {
        var sockets = registry.Of(user)
            .Where(socket => socket.IsExtended && socket.Session.Kind is ChatSockets).ToList();
        if (sockets.Count > 0)
        {
            var frame = EncodedFrame.Of(notice);
            sockets.ForEach(socket => socket.Send(frame));
        }
    }
}
