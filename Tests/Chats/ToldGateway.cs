using System.Collections.Immutable;
using System.Threading.Channels;
using NewLoom.Gateways;
using NewLoom.Grains.Gateways;

namespace NewLoom.Tests.Chats;

/// <summary>The one live gateway: remembers what it was told.</summary>
internal sealed class ToldGateway : IGatewayPublisher
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly Channel<GatewayEvent> _told = Channel.CreateBounded<GatewayEvent>(1_000);

    public ImmutableHashSet<string> LiveGateways { get; } = ["g1"];

    /// <summary>What happens while an event is being told.</summary>
    public Action<GatewayEvent> WhenTold { get; set; } = _ => { };

    public async Task PublishAsync(string gatewayId, GatewayEvent item)
    {
        WhenTold(item);
        await _told.Writer.WriteAsync(item);
    }

    public async Task<GatewayEvent> NextAsync() =>
        await _told.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit);
}
