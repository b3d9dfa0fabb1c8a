using System.Net;
using NewLoom.Bench.Rooms;

namespace NewLoom.Bench.Attacks;

/// <summary>What attackers attack and with whose credentials.</summary>
public sealed class AttackTarget(Uri server, ApiClient api, string prefix, double scale)
{
    private int _users;

    /// <summary>The gateway.</summary>
    public Uri Server => server;

    /// <summary>So much of a full-size number, at least 1.</summary>
    public int Scaled(int count) => Math.Max(1, (int)(count * scale));

    /// <summary>A loopback address that is not the well-behaved client's.</summary>
    /// <param name="attack">Names the attacker, 1 to 255.</param>
    /// <param name="number">One of its addresses, 0 to 253.</param>
    public static IPAddress Address(int attack, int number = 0) => new([127, 0, (byte)attack, (byte)(number + 1)]);

    /// <summary>Creates users who are members of one chat.</summary>
    /// <returns>Where their sockets open, and the chat.</returns>
    public async Task<SocketTarget[]> CreateRoomAsync(int users, CancellationToken cancellationToken)
    {
        var names = Enumerable.Range(0, users).Select(_ => $"{prefix}u{_users++}").ToArray();
        var tokens = new string[users];
        for (var i = 0; i < users; i++)
        {
            tokens[i] = await api.CreateUserAsync(names[i], cancellationToken);
        }

        var chatId = await api.CreateChatAsync(prefix, tokens[0], names[1..], cancellationToken);
        return [.. tokens.Select(token => new SocketTarget(chatId, $"/ws/chat/?token={Uri.EscapeDataString(token)}"))];
    }
}
