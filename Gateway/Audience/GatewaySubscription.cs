using NewLoom.Gateways;
using Orleans.Streams;

namespace NewLoom.Gateway.Audience;

/// <summary>This gateway's subscription to its own stream, made anew when the cluster has forgotten it.</summary>
/// <remarks>Silos end the subscription of a client that they cannot reach for a moment, also of one that comes back,
/// and tell nobody.</remarks>
internal sealed class GatewaySubscription(IClusterClient client, GatewayIdentity gateway)
{
    private StreamSubscriptionHandle<GatewayEvent>? _own;

    /// <summary>Sees to it that the cluster knows the subscription.</summary>
    /// <returns>True when it had to be made: what was told meanwhile is lost.</returns>
    public async Task<bool> KeepAsync(IAsyncObserver<GatewayEvent> observer)
    {
        var stream = client.GetStreamProvider(GatewayStreams.ProviderName)
            .GetStream<GatewayEvent>(StreamId.Create(GatewayStreams.Namespace, gateway.Id));
        var known = await stream.GetAllSubscriptionHandles();
        if (_own is { } own && known.Any(handle => handle.HandleId == own.HandleId))
        {
            return false;
        }

        // One that was made while nobody heard the answer would take its share of the deliveries.
        foreach (var stray in known)
        {
            await stray.UnsubscribeAsync();
        }

        await EndAsync();
        _own = await stream.SubscribeAsync(observer);
        return true;
    }

    /// <summary>Ends the subscription, if there is one.</summary>
    public async Task EndAsync()
    {
        if (_own is { } own)
        {
            _own = null;
            await own.UnsubscribeAsync();
        }
    }
}
