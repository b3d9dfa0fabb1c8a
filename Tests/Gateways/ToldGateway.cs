using System.Collections.Immutable;
using System.Threading.Channels;
using NewLoom.Gateways;
using NewLoom.Grains.Gateways;

namespace NewLoom.Tests.Gateways;

/// <summary>The one live gateway: remembers what it was told.</summary>
internal sealed class ToldGateway : IGatewayPublisher
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly Channel<GatewayEvent> _told = Channel.CreateBounded<GatewayEvent>(1_000);

    public ImmutableHashSet<string> LiveGateways { get; } = ["g1"];

    /// <summary>What happens while an event is being told.</summary>
    public Action<GatewayEvent> WhenTold { get; set; } = _ => { };

    /// <summary>How many events nobody took yet.</summary>
    public int WaitingCount => _told.Reader.Count;

    public async Task PublishAsync(string gatewayId, GatewayEvent item)
    {
        WhenTold(item);
        await _told.Writer.WriteAsync(item);
    }

    public async Task<GatewayEvent> NextAsync() =>
        await _told.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit);

    /// <summary>All that nobody took yet.</summary>
    public ImmutableArray<GatewayEvent> TakeAll()
    {
        var taken = ImmutableArray.CreateBuilder<GatewayEvent>();
        while (_told.Reader.TryRead(out var item))
        {
            taken.Add(item);
        }

        return taken.ToImmutable();
    }
}
