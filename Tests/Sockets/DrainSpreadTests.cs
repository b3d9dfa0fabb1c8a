using Microsoft.Extensions.Options;
using NewLoom.Gateway.Sockets;
using NewLoom.Tests.Audience;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

/// <summary>A crowd that a stopping gateway sends away: all at once it would fall upon the next one.</summary>
public sealed class DrainSpreadTests
{
    private const int SocketCount = 100;
    private const int BatchCount = 20;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = Window / BatchCount;

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ArmedTime _time = new();
    private readonly SocketRegistry _registry = new();
    private readonly List<WireRecorder> _clients = [];

    [Fact]
    public async Task Sockets_AreClosedInBatchesOverTheWindow_AndToldToComeBackShortlyBefore()
    {
        for (var i = 0; i < SocketCount; i++)
        {
            _clients.Add(new WireRecorder($"user{i}", isExtended: true, _time));
            _registry.Add(_clients[i].Socket);
        }

        var drain = new Drain(_registry, Options.Create(new DrainOptions { Window = Window }), _time);
        var draining = drain.StoppingAsync(_ct);
        var closedAt = new Dictionary<WireRecorder, TimeSpan>();
        for (var batch = 0; batch < BatchCount; batch++)
        {
            await (batch < BatchCount - 1 ? _time.WaitForTimersAsync(1, _ct) : draining);
            foreach (var client in _clients.Where(client => client.Socket.IsClosing))
            {
                closedAt.TryAdd(client, batch * Interval);
            }

            Assert.Equal((batch + 1) * SocketCount / BatchCount, closedAt.Count);
            _time.Advance(Interval);
        }

        await Task.WhenAll(_clients.Select(client => client.First)).WaitAsync(TimeSpan.FromSeconds(10), _ct);
        Assert.All(_clients, client =>
        {
            var delay = TimeSpan.FromMilliseconds(client.Frames[0].Get<long>("reconnect_after_ms"));
            Assert.InRange(delay, Max(closedAt[client] - Interval, TimeSpan.Zero), closedAt[client]);
        });

        // Within a batch they are spread, too: that all 5 of one are told the same of 500 milliseconds is no accident.
        Assert.All(
            _clients.Where(client => closedAt[client] > TimeSpan.Zero).GroupBy(client => closedAt[client]),
            batch => Assert.NotEqual(
                1, batch.Select(client => client.Frames[0].Get<long>("reconnect_after_ms")).Distinct().Count()));
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
