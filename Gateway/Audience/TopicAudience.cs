using System.Collections.Concurrent;
using NewLoom.Gateway.Sockets;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Audience;

/// <summary>Which sockets of this gateway receive which topic: a <see cref="TopicFeed"/> for each topic that has
/// any.</summary>
internal abstract class TopicAudience<TFeed>(
    IGrainFactory grains, GatewayIdentity gateway, ILogger logger) : ITopicAudience
    where TFeed : TopicFeed
{
    private readonly ConcurrentDictionary<long, TFeed> _feeds = new();

    public IEnumerable<TopicFeed> Feeds => _feeds.Values;

    protected IGrainFactory Grains { get; } = grains;

    protected string GatewayId => gateway.Id;

    public TFeed? Find(long topicId) => _feeds.GetValueOrDefault(topicId);

    /// <summary>Ends what subscribing began. Harmless when there was nothing.</summary>
    public void Unsubscribe(ClientSocket socket, IEnumerable<long> topicIds)
    {
        foreach (var topicId in topicIds)
        {
            Find(topicId)?.Remove(socket);
        }
    }

    public void Forget(ClientSocket socket) => Unsubscribe(socket, socket.Topics.All());

    public void Take(TopicEvent item)
    {
        var feed = _feeds.GetOrAdd(item.TopicId, NewFeed);
        feed.Take(item);
        feed.LeaveIfUnused(LeaveAsync);
    }

    public void LeaveEmpty()
    {
        foreach (var feed in _feeds.Values)
        {
            feed.LeaveIfUnused(LeaveAsync);
        }
    }

    public Task StopAsync() => Task.WhenAll(_feeds.Values.SelectMany(feed => new[] { feed.Repaired, feed.Left }));

    protected abstract TFeed NewFeed(long topicId);

    /// <summary>The topic's feed, kept from being left until it is unpinned.</summary>
    protected async ValueTask<TFeed> PinAsync(long topicId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var feed = _feeds.GetOrAdd(topicId, NewFeed);
            if (feed.TryPin())
            {
                return feed;
            }

            // A join that overtook the leave would leave the gateway deaf.
            await feed.Left.WaitAsync(cancellationToken);
        }
    }

    private async Task LeaveAsync(TopicFeed feed)
    {
        try
        {
            await feed.TopicOf(Grains).LeaveAsync(GatewayId);
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            // The topic goes on telling this gateway, and the next event makes it try again.
            TopicAudienceLog.LeaveFailed(logger, feed.TopicId, e.Message);
        }
        finally
        {
            _feeds.TryRemove(feed.TopicId, out _);
        }
    }
}
