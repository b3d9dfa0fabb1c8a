using NewLoom.Gateway.Chats;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Users;

namespace NewLoom.Gateway.Audience;

/// <summary>Passes on what concerns a user: topics that it was given or lost, credentials that ended, and whether it
/// is online.</summary>
internal sealed class UserNews(
    SocketRegistry registry, ChatAudience chats, CredentialWatch credentials, TopicJoins joins)
{
    /// <summary>Takes an event from the gateway's stream.</summary>
    public void Take(UserEvent item)
    {
        switch (item)
        {
            case ChatAdded added:
                Tell(added.User, new ChatAddedNotice(added.ChatId, added.Name));
                joins.Add(added);
                break;
            case StreamAdded added:
                joins.Add(added);
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
        joins.Relist();
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
