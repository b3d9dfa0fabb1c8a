namespace NewLoom.Tests.Support;

/// <summary>Two members of one chat with a socket each; Alice owns it.</summary>
internal sealed class ChatRoom : IAsyncDisposable
{
    private readonly List<TestSocket> _more = [];
    private readonly ServiceProcess _service;

    private ChatRoom(ServiceProcess service) => _service = service;

    public (string Name, string Token) AliceUser { get; private init; }

    public (string Name, string Token) BobUser { get; private init; }

    public long ChatId { get; private init; }

    public required TestSocket Alice { get; init; }

    public required TestSocket Bob { get; init; }

    public static async Task<ChatRoom> OpenAsync(ServiceProcess service, bool isExtended = false)
    {
        var world = new World(service);
        var (alice, bob) = (await world.UserAsync(), await world.UserAsync());
        return new ChatRoom(service)
        {
            AliceUser = alice,
            BobUser = bob,
            ChatId = await world.ChatAsync(alice, bob),
            Alice = await TestSocket.OpenAsync(service, alice.Token, isExtended),
            Bob = await TestSocket.OpenAsync(service, bob.Token, isExtended),
        };
    }

    /// <summary>One more socket of a user, closed with the room.</summary>
    public async Task<TestSocket> OpenMoreAsync(
        (string Name, string Token) user, bool isExtended = false, string? query = null)
    {
        var socket = await TestSocket.OpenAsync(_service, user.Token, isExtended, query);
        _more.Add(socket);
        return socket;
    }

    /// <summary>The text with this room in place of <c>$alice</c>, <c>$bob</c>, <c>$chat</c>.</summary>
    public string Of(string text) => text
        .Replace("$alice", AliceUser.Name, StringComparison.Ordinal)
        .Replace("$bob", BobUser.Name, StringComparison.Ordinal)
        .Replace("$chat", $"{ChatId}", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _more.Prepend(Bob).Prepend(Alice))
        {
            await socket.DisposeAsync();
        }
    }
}
