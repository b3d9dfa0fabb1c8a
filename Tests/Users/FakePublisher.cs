using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using NewLoom.Gateways;
using NewLoom.Grains.Gateways;

namespace NewLoom.Tests.Users;

/// <summary>Remembers what gateways were told.</summary>
internal sealed class FakePublisher : IGatewayPublisher
{
    private readonly ConcurrentDictionary<string, Channel<GatewayEvent>> _told = new();

    public ImmutableHashSet<string> LiveGateways { get; set; } = ["g1", "g2"];

    public Task PublishAsync(string gatewayId, GatewayEvent item) => ToldTo(gatewayId).Writer.WriteAsync(item).AsTask();

    /// <summary>The next event that the gateway was told, waiting for it if need be.</summary>
    public async Task<GatewayEvent> NextAsync(string gatewayId, CancellationToken cancellationToken) =>
        await ToldTo(gatewayId).Reader.ReadAsync(cancellationToken).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);

    /// <summary>How many events the gateway was told that nobody took yet.</summary>
    public int Waiting(string gatewayId) => ToldTo(gatewayId).Reader.Count;

    private Channel<GatewayEvent> ToldTo(string gatewayId) =>
        _told.GetOrAdd(gatewayId, _ => Channel.CreateBounded<GatewayEvent>(10_000));
}
