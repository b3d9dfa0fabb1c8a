namespace NewLoom.Bench.Rooms;

/// <summary>Creates users, their tokens and chats in a running service, which keeps them.</summary>
public sealed class RoomSetup(ApiClient api, string prefix)
{
    private const int CallsAtOnce = 8;

    /// <summary>Creates everything a layout needs.</summary>
    /// <returns>The sockets to open, room by room.</returns>
    public async Task<SocketTarget[]> CreateAsync(RoomLayout layout, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = CallsAtOnce,
            CancellationToken = cancellationToken,
        };
        var tokens = new string[layout.Users];
        await Parallel.ForAsync(0, layout.Users, options, async (user, cancellation) =>
            tokens[user] = await api.CreateUserAsync(NameOf(user), cancellation));

        var targets = new SocketTarget[layout.Sockets];
        await Parallel.ForAsync(0, layout.Rooms, options, async (room, cancellation) =>
        {
            var users = Enumerable.Range(0, layout.Members).Select(m => layout.UserOf(room, m)).ToArray();
            var chatId = await api.CreateChatAsync(
                $"{prefix} {room}", tokens[users[0]], users.Skip(1).Select(NameOf), cancellation);
            for (var member = 0; member < users.Length; member++)
            {
                var token = Uri.EscapeDataString(tokens[users[member]]);
                targets[layout.SocketOf(room, member)] =
                    new SocketTarget(chatId, $"/ws/chat/?token={token}&chats={chatId}");
            }
        });
        return targets;
    }

    private string NameOf(int user) => $"{prefix}u{user}";
}
