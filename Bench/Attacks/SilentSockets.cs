using System.Net.Sockets;
using NewLoom.Bench.Sockets;

namespace NewLoom.Bench.Attacks;

/// <summary>Sockets that never authenticate, 20 from each of 100 addresses: as many as the limit lets in.</summary>
public sealed class SilentSockets : IAttack
{
    private const int SocketsUsual = 2_000;
    private const int SocketsPerAddress = 20;
    private const int ConnectsAtOnce = 32;

    /// <inheritdoc />
    public string Name => "silent sockets";

    /// <inheritdoc />
    public async Task<string> RunAsync(AttackTarget target, CancellationToken lasting)
    {
        var tally = new Tally();
        using var turns = new SemaphoreSlim(ConnectsAtOnce);
        await Task.WhenAll(Enumerable.Range(0, target.Scaled(SocketsUsual))
            .Select(number => StayAsync(target, number, turns, tally, lasting)));
        return tally.ToString();
    }

    private static async Task StayAsync(
        AttackTarget target, int number, SemaphoreSlim turns, Tally tally, CancellationToken lasting)
    {
        try
        {
            using var socket = await OpenAsync(target, number, turns, lasting);
            await socket.DrainAsync(lasting);
            tally.Add(socket.CloseCode is { } code ? $"closed with {code}" : "dropped");
        }
        catch (OperationCanceledException)
        {
            tally.Add("never closed");
        }
        catch (Exception e) when (e is InvalidDataException or SocketException)
        {
            tally.Add(e.Message);
        }
    }

    private static async Task<RawSocket> OpenAsync(
        AttackTarget target, int number, SemaphoreSlim turns, CancellationToken lasting)
    {
        await turns.WaitAsync(lasting);
        try
        {
            var from = AttackTarget.Address(attack: 1, number / SocketsPerAddress);
            return await RawSocket.OpenAsync(target.Server, "/ws/chat/", lasting, "newloom.v1", from);
        }
        finally
        {
            turns.Release();
        }
    }
}
