using NewLoom.Chats;
using NewLoom.Gateway.Chats;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Hosting;
using NewLoom.Gateway.Streams;
using NewLoom.Gateways;
using NewLoom.PushStreams;
using NewLoom.Streams;
using NewLoom.Users;
using Orleans.Streams;

namespace NewLoom.Gateway.Audience;

/// <summary>Listens to this gateway's stream, and keeps the gateway among the live ones.</summary>
/// <remarks>Whenever something may have been lost (events, the subscription, the lease, a silo) every topic is
/// repaired: it is asked again, which also makes it remember this gateway, and what was missed is read from
/// storage.</remarks>
internal sealed partial class GatewayStream(
    IGrainFactory grains, GatewayIdentity gateway, GatewaySubscription subscription, ClusterConnection connection,
    ChatAudience chats, StreamAudience streams, FeedRepair repair, UserNews news, SocketRenewal sockets,
    TimeProvider time, ILogger<GatewayStream> logger)
    : StartedService, IAsyncObserver<GatewayEvent>
{
    /// <summary>Each topic is asked once in so many renewals (once a minute), to find an event lost in
    /// silence.</summary>
    private const int RenewalsPerRound = 12;

    /// <summary>How soon a renewal that failed is tried again: that is how a lost cluster is found.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly ITopicAudience[] _audiences = [chats, streams];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _changed = new(initialCount: 0, maxCount: 1);

    /// <summary>Ends when the gateway hears: no socket is opened before.</summary>
    protected override Task Ready => _ready.Task;

    public Task OnNextAsync(GatewayEvent item, StreamSequenceToken? token = null)
    {
        if (token is PushStreamToken { Resynchronise: true })
        {
            Log.EventsLost(logger);
            RepairAll();
        }

        switch (item)
        {
            case ChatEvent chatEvent:
                chats.Take(chatEvent);
                break;
            case StreamEvent streamEvent:
                streams.Take(streamEvent);
                break;
            case UserEvent userEvent:
                news.Take(userEvent);
                break;
        }

        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        Log.StreamFailed(logger, ex);
        return Task.CompletedTask;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await repair.StopAsync();
        await Task.WhenAll(_audiences.Select(audience => audience.StopAsync()));
        try
        {
            await subscription.EndAsync();
            await Directory().LeaveAsync(gateway.Id, cancellationToken);
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            Log.RenewFailed(logger, e.Message);    // its lease runs out
        }
    }

    public override void Dispose()
    {
        connection.Changed -= NoteChange;
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        connection.Changed += NoteChange;
        var (round, renewedAt) = (0, time.GetTimestamp());
        var isRepairDue = false;    // nothing can have been lost yet
        while (true)
        {
            var isRenewed = await TryRenewAsync(isRepairDue, stoppingToken);
            if (isRenewed && time.GetElapsedTime(renewedAt) >= GatewayLease.RenewInterval)
            {
                renewedAt = time.GetTimestamp();
                await RenewShareAsync(round, stoppingToken);
                round = (round + 1) % RenewalsPerRound;
            }

            var wait = isRenewed ? GatewayLease.RenewInterval : RetryInterval;
            var hasChanged = await _changed.WaitAsync(wait, stoppingToken);
            isRepairDue = hasChanged || (isRepairDue && !isRenewed);
        }
    }

    /// <summary>Makes sure that the cluster tells this gateway everything; and repairs what it did not.</summary>
    private async Task<bool> TryRenewAsync(bool isRepairDue, CancellationToken cancellationToken)
    {
        try
        {
            var wasLive = await Directory().RenewAsync(gateway.Id, cancellationToken);
            var isSubscriptionNew = await subscription.KeepAsync(this);
            if (!_ready.TrySetResult() && (!wasLive || isSubscriptionNew || isRepairDue))
            {
                Log.Repairing(logger);
                RepairAll();
                await sockets.RenewAsync(cancellationToken);
            }

            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, a gateway that gives up would be deaf for good.
            Log.RenewFailed(logger, e.Message);
            return false;
        }
    }

    private async Task RenewShareAsync(int round, CancellationToken cancellationToken)
    {
        foreach (var audience in _audiences)
        {
            Repair(audience.Feeds.Where(feed => feed.TopicId % RenewalsPerRound == round));
            audience.LeaveEmpty();
        }

        await sockets.RenewShareAsync(round, RenewalsPerRound, cancellationToken);
    }

    private void RepairAll()
    {
        Repair(_audiences.SelectMany(audience => audience.Feeds));
        news.Relist();
    }

    private static void Repair(IEnumerable<TopicFeed> feeds)
    {
        foreach (var feed in feeds)
        {
            feed.Repair();
        }
    }

    private void NoteChange()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been noted already.
        }
    }

    private IGatewayDirectoryGrain Directory() => grains.GetGrain<IGatewayDirectoryGrain>(0);
}
