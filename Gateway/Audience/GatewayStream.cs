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
    HeardSilos heard, DoorCalls doors, TopicCheck check, ChatAudience chats, StreamAudience streams, FeedRepair repair,
    UserNews news, SocketRenewal sockets, TimeProvider time, ILogger<GatewayStream> logger)
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
    private readonly SemaphoreSlim _namingDue = new(initialCount: 0, maxCount: 1);
    private bool _isRepairDue;    // nothing can have been lost at the start
    private long _renewedAt;

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
            case SiloAlive word:
                heard.Hear(word);
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
            await grains.GetGrain<IGatewayDirectoryGrain>(0).LeaveAsync(gateway.Id, cancellationToken);
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
        _namingDue.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        connection.Changed += NoteChange;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] loops = [KeepAsync(either.Token), NameAsync(either.Token), CheckAsync(either.Token)];
        await Task.WhenAny(loops);
        await either.CancelAsync();    // none runs without the others
        await Task.WhenAll(loops);
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var isRenewed = await TryRenewAsync(cancellationToken);
            var wait = isRenewed ? GatewayLease.RenewInterval : RetryInterval;
            _isRepairDue |= await _changed.WaitAsync(wait, cancellationToken);
        }
    }

    /// <summary>Repairs a share of the topics after the other: those that answer, for in a repair their live events
    /// wait.</summary>
    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        await _ready.Task.WaitAsync(cancellationToken);
        for (var round = 0; ; round = (round + 1) % RenewalsPerRound)
        {
            await Task.Delay(GatewayLease.RenewInterval, time, cancellationToken);
            foreach (var audience in _audiences)
            {
                var share = audience.Feeds.Where(feed => feed.TopicId % RenewalsPerRound == round).ToList();
                Repair(share.Except(await check.AskAsync(share, cancellationToken)));
                audience.LeaveEmpty();
            }
        }
    }

    /// <summary>Names sockets to their users' grains, beside the lease: a few silent grains must not outlast
    /// it.</summary>
    private async Task NameAsync(CancellationToken cancellationToken)
    {
        await _ready.Task.WaitAsync(cancellationToken);
        for (var round = 0; ; round = (round + 1) % RenewalsPerRound)
        {
            await (await _namingDue.WaitAsync(GatewayLease.RenewInterval, cancellationToken)
                ? sockets.RenewAsync(cancellationToken)
                : sockets.RenewShareAsync(round, RenewalsPerRound, cancellationToken));
        }
    }

    /// <summary>Makes sure that the cluster tells this gateway everything; and repairs what it did not.</summary>
    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            var beganAt = time.GetTimestamp();
            var renewal = await doors.AskAsync(
                (door, token) => door.RenewAsync(gateway.Id, token), cancellationToken);
            connection.NoteAnswer();
            heard.Expect(renewal.Silos);

            // One that was asked in vain may have renewed it after its end, and nobody told us.
            _isRepairDue |= !renewal.WasLive || time.GetElapsedTime(_renewedAt) >= GatewayLease.Length;
            _renewedAt = beganAt;
            _isRepairDue |= await subscription.KeepAsync(this);
            if (!_ready.TrySetResult() && _isRepairDue)
            {
                Log.Repairing(logger);
                RepairAll();
                Note(_namingDue);
            }

            _isRepairDue = false;
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, a gateway that gives up would be deaf for good.
            Log.RenewFailed(logger, e.Message);
            return false;
        }
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

    private void NoteChange() => Note(_changed);

    private static void Note(SemaphoreSlim signal)
    {
        try
        {
            signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been noted already.
        }
    }
}
