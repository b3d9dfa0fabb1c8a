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

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ArmedTime _time = new();
    private readonly SocketRegistry _registry = new();
    private readonly List<WireRecorder> _clients = [];

    [Fact]
    public async Task Sockets_AreClosedInBatchesOverTheWindow_AndToldToComeBackSpreadOverIt()
    {
        for (var i = 0; i < SocketCount; i++)
        {
            _clients.Add(new WireRecorder($"user{i}", isExtended: true, _time));
            _registry.Add(_clients[i].Socket);
        }

        var drain = new Drain(_registry, Options.Create(new DrainOptions { Window = Window }), _time);
        var draining = drain.StoppingAsync(_ct);
        for (var batch = 1; batch < BatchCount; batch++)
        {
            await _time.WaitForTimersAsync(1, _ct);
            Assert.Equal(batch * SocketCount / BatchCount, _clients.Count(client => client.Socket.IsClosing));
            _time.Advance(Window / BatchCount);
        }

        await draining;
        Assert.All(_clients, client => Assert.True(client.Socket.IsClosing));

        await Task.WhenAll(_clients.Select(client => client.First)).WaitAsync(TimeSpan.FromSeconds(10), _ct);
        var delays = _clients
            .Select(client => client.Frames[0])
            .Select(frame => TimeSpan.FromMilliseconds(frame.Get<long>("reconnect_after_ms")))
            .ToList();
        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, Window));

        // Of 100 random ones: that a quarter of the window gets none, or more than half of them, has odds below 1e-7.
        var quarters = delays.CountBy(delay => Math.Min(3, (int)(4 * (delay / Window)))).ToList();
        Assert.Equal(4, quarters.Count);
        Assert.All(quarters, quarter => Assert.InRange(quarter.Value, 1, SocketCount / 2));
    }
}
