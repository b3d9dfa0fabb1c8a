using System.Collections.Concurrent;
using NewLoom.Chats;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Users;

namespace NewLoom.Gateway.Chats;

/// <summary>Subscribes a new socket to what it receives without being asked.</summary>
internal sealed class InitialChats(IGrainFactory grains, ChatAudience audience)
{
    /// <summary>Chats that are asked at once for one socket.</summary>
    private const int AskedCount = 16;

    private const int PageCount = 1_000;

    /// <summary>Subscribes the socket; chats that it named and may not receive become errors in its outbox.</summary>
    /// <returns>All chats of its user, ascending by id: also those that it does not receive, so that a client that
    /// starts with none knows what it may subscribe to, and from where.</returns>
    public async Task<IReadOnlyList<ChatInfo>> SubscribeAsync(ClientSocket socket, CancellationToken cancellationToken)
    {
        var chats = socket.Scope.IsAll || socket.IsExtended ? await ListAsync(socket.User, cancellationToken) : [];
        var joined = new ConcurrentDictionary<long, ChatInfo>();
        await Parallel.ForEachAsync(
            socket.Scope.TopicIds ?? chats.Select(chat => chat.ChatId),
            new ParallelOptions { MaxDegreeOfParallelism = AskedCount, CancellationToken = cancellationToken },
            async (chatId, token) =>
            {
                if (await audience.SubscribeAsync(socket, chatId, holds: false, token) is { } subscribed)
                {
                    joined[chatId] = subscribed.Chat;
                }
            });

        foreach (var chatId in socket.Scope.TopicIds?.Where(chatId => !joined.ContainsKey(chatId)) ?? [])
        {
            socket.Send(Errors.NotAuthorizedForChat(chatId));
        }

        // Where live messages begin is what the client is told, not what the list said a moment before.
        return [.. chats.Select(chat => joined.GetValueOrDefault(chat.ChatId, chat))];
    }

    /// <summary>All chats of a user, ascending by id.</summary>
    public async Task<IReadOnlyList<ChatInfo>> ListAsync(string user, CancellationToken cancellationToken)
    {
        var all = new List<ChatInfo>();
        var grain = grains.GetGrain<IUserChatsGrain>(UserKeys.ForUser(user));
        while (true)
        {
            var page = await grain.ListAsync(all.LastOrDefault()?.ChatId ?? 0, PageCount, cancellationToken);
            all.AddRange(page);
            if (page.Length < PageCount)
            {
                return all;
            }
        }
    }
}
