using System.Net.Sockets;
using NewLoom.Bench.Rooms;
using NewLoom.Bench.Sockets;

namespace NewLoom.Bench.Attacks;

/// <summary>Authenticated sockets that send the same bytes as fast as the gateway takes them, and open again when they
/// are closed.</summary>
/// <param name="name">What is flooded with.</param>
/// <param name="number">Names the attacker's address.</param>
/// <param name="bytes">What is sent.</param>
/// <param name="reads">Whether the sockets read what comes back.</param>
public sealed class FloodedSockets(string name, int number, byte[] bytes, bool reads) : IAttack
{
    private const int SocketsUsual = 8;
    private SocketTarget[] _targets = [];

    /// <inheritdoc />
    public string Name => name;

    /// <summary>Frames of 64 KiB in pieces of one byte.</summary>
    public static FloodedSockets WithPieces() => new(
        "1-byte pieces", number: 3, RawFrames.InPieces(Opcode.Text, new byte[64 * 1_024], pieceBytes: 1), reads: true);

    /// <summary>Pings whose answers nobody reads.</summary>
    public static FloodedSockets WithPings() =>
        new("unread pings", number: 4, RawFrames.Repeat(RawFrames.Of(Opcode.Ping, "ping"u8), 1_000), reads: false);

    /// <inheritdoc />
    public async Task PrepareAsync(AttackTarget target, CancellationToken cancellationToken) =>
        _targets = await target.CreateRoomAsync(target.Scaled(SocketsUsual), cancellationToken);

    /// <inheritdoc />
    public async Task<string> RunAsync(AttackTarget target, CancellationToken lasting)
    {
        var tally = new Tally();
        await Task.WhenAll(_targets.Select(socket => FloodAsync(target, socket.Path, tally, lasting)));
        return tally.ToString();
    }

    private async Task FloodAsync(AttackTarget target, string path, Tally tally, CancellationToken lasting)
    {
        while (!lasting.IsCancellationRequested)
        {
            try
            {
                using var socket = await RawSocket.OpenAsync(
                    target.Server, path, lasting, from: AttackTarget.Address(number));
                await FloodAsync(socket, tally, lasting);
            }
            catch (OperationCanceledException)
            {
                tally.Add("still open at the end");
            }
            catch (Exception e) when (e is SocketException or InvalidDataException)
            {
                tally.Add("dropped");
            }
        }
    }

    private async Task FloodAsync(RawSocket socket, Tally tally, CancellationToken lasting)
    {
        var reading = reads ? socket.DrainAsync(lasting) : new TaskCompletionSource().Task;
        while (!reading.IsCompleted)
        {
            var sending = socket.SendAsync(bytes, lasting);
            await Task.WhenAny(sending, reading);
            if (!reading.IsCompleted)
            {
                await sending;
                await Task.Yield();    // one thread serves all of the attacker's sockets
            }
        }

        await reading;
        tally.Add(socket.CloseCode is { } code ? $"closed with {code}" : "dropped");
    }
}
