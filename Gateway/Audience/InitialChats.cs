using System.Collections.Concurrent;
using NewLoom.Chats;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Users;

namespace NewLoom.Gateway.Audience;

/// <summary>Subscribes a new socket to what it receives without being asked.</summary>
internal sealed class InitialChats(IGrainFactory grains, ChatAudience audience)
{
    /// <summary>Chats that are asked at once for one socket.</summary>
    private const int AskedCount = 16;

    /// <summary>The most chats of a user.</summary>
    private const int ChatCountMax = 10_000;

    /// <summary>Subscribes the socket; chats that it named and may not receive become errors in its outbox.</summary>
    /// <returns>The chats that it receives now, ascending by id.</returns>
    public async Task<IEnumerable<ChatInfo>> SubscribeAsync(ChatSocket socket, CancellationToken cancellationToken)
    {
        var chatIds = socket.Scope.ChatIds ?? await ListAsync(socket.User, cancellationToken);
        var chats = new ConcurrentBag<ChatInfo>();
        await Parallel.ForEachAsync(
            chatIds,
            new ParallelOptions { MaxDegreeOfParallelism = AskedCount, CancellationToken = cancellationToken },
            async (chatId, token) =>
            {
                if (await audience.SubscribeAsync(socket, chatId, holds: false, token) is { } subscribed)
                {
                    chats.Add(subscribed.Chat);
                }
                else if (!socket.Scope.IsAll)
                {
                    socket.Refuse(Errors.NotAuthorized(chatId));
                }
            });
        return chats.OrderBy(chat => chat.ChatId);
    }

    private async Task<IReadOnlyList<long>> ListAsync(string user, CancellationToken cancellationToken)
    {
        var chats = await grains.GetGrain<IUserChatsGrain>(UserKeys.ForUser(user))
            .ListAsync(after: 0, ChatCountMax, cancellationToken);
        return [.. chats.Select(chat => chat.ChatId)];
    }
}
