using System.Net.Sockets;
using System.Text;
using NewLoom.Bench.Rooms;
using NewLoom.Bench.Sockets;

namespace NewLoom.Bench.Attacks;

/// <summary>Sockets that never read, in a chat in which others talk as much as they may.</summary>
public sealed class DeafReaders(TimeProvider time) : IAttack
{
    private const int DeafUsual = 20;
    private const int Talkers = 8;
    private const int ContentLength = 4_000;
    private const int ReceiveBytes = 4 * 1_024;
    private static readonly TimeSpan BetweenMessages = TimeSpan.FromMilliseconds(51);    // just below 20 a second
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);

    private SocketTarget[] _targets = [];

    /// <inheritdoc />
    public string Name => "deaf readers";

    /// <inheritdoc />
    public async Task PrepareAsync(AttackTarget target, CancellationToken cancellationToken) =>
        _targets = await target.CreateRoomAsync(Talkers + target.Scaled(DeafUsual), cancellationToken);

    /// <inheritdoc />
    public async Task<string> RunAsync(AttackTarget target, CancellationToken lasting)
    {
        var tally = new Tally();
        await Task.WhenAll(
            Task.WhenAll(_targets[..Talkers].Select(talker => TalkAsync(target, talker, lasting))),
            Task.WhenAll(_targets[Talkers..].Select(deaf => IgnoreAsync(target, deaf, tally, lasting))));
        return tally.ToString();
    }

    private async Task TalkAsync(AttackTarget target, SocketTarget talker, CancellationToken lasting)
    {
        var content = new string('x', ContentLength);
        var message = RawFrames.Of(Opcode.Text, Encoding.UTF8.GetBytes(
            $$"""{"type":"message","chat_id":{{talker.ChatId}},"content":"{{content}}"}"""));
        try
        {
            using var socket = await RawSocket.OpenAsync(
                target.Server, talker.Path, lasting, from: AttackTarget.Address(attack: 5));
            var reading = socket.DrainAsync(lasting);
            using var timer = new PeriodicTimer(BetweenMessages, time);
            while (!reading.IsCompleted && await timer.WaitForNextTickAsync(lasting))
            {
                await socket.SendAsync(message, lasting);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The attack is over.
        }
    }

    /// <summary>Stays to the end without reading, and then reads what it was told last.</summary>
    private async Task IgnoreAsync(AttackTarget target, SocketTarget deaf, Tally tally, CancellationToken lasting)
    {
        using var socket = await RawSocket.OpenAsync(
            target.Server, deaf.Path, lasting, from: AttackTarget.Address(attack: 5, number: 1),
            receiveBytes: ReceiveBytes);
        await EndOfAsync(lasting);
        using var limit = new CancellationTokenSource(CloseLimit, time);
        try
        {
            await socket.DrainAsync(limit.Token);
            tally.Add(socket.CloseCode is { } code ? $"closed with {code}" : "dropped");
        }
        catch (OperationCanceledException)
        {
            tally.Add("still open");
        }
    }

    private async Task EndOfAsync(CancellationToken lasting)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, lasting);
        }
        catch (OperationCanceledException)
        {
            // The attack is over.
        }
    }
}
