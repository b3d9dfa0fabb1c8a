using NewLoom.Chats;
using NewLoom.Gateway.Chats;
using NewLoom.Gateway.Hosting;
using NewLoom.Gateway.Sockets;
using NewLoom.Gateway.Streams;
using NewLoom.Gateways;
using NewLoom.PushStreams;
using NewLoom.Streams;
using NewLoom.Users;
using Orleans.Streams;

namespace NewLoom.Gateway.Audience;

/// <summary>Listens to this gateway's stream, and keeps the gateway among the live ones.</summary>
internal sealed partial class GatewayStream(
    IClusterClient client, GatewayIdentity gateway, ChatAudience chats, StreamAudience streams, FeedRepair repair,
    UserNews news, SocketRegistry registry, TimeProvider time, ILogger<GatewayStream> logger)
    : StartedService, IAsyncObserver<GatewayEvent>
{
    /// <summary>Each topic is asked once in so many renewals (once a minute), to find an event lost in
    /// silence.</summary>
    private const int RenewalsPerRound = 12;

    /// <summary>Sockets that are named at once, so that a few slow grains do not outlast the gateway's lease.</summary>
    private const int RenewedCount = 16;

    private readonly ITopicAudience[] _audiences = [chats, streams];
    private StreamSubscriptionHandle<GatewayEvent>? _subscription;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the gateway hears: no socket is opened before.</summary>
    protected override Task Ready => _ready.Task;

    public Task OnNextAsync(GatewayEvent item, StreamSequenceToken? token = null)
    {
        if (token is PushStreamToken { Resynchronise: true })
        {
            Log.EventsLost(logger);
            RepairAll();
            news.Relist();
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
            await (_subscription?.UnsubscribeAsync() ?? Task.CompletedTask);
            await Directory().LeaveAsync(gateway.Id, cancellationToken);
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            Log.RenewFailed(logger, e.Message);    // its lease runs out
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(GatewayLease.RenewInterval, time);
        var round = 0;
        do
        {
            await RenewAsync(stoppingToken);
            foreach (var audience in _audiences)
            {
                Repair(audience.Feeds.Where(feed => feed.TopicId % RenewalsPerRound == round));
                audience.LeaveEmpty();
            }

            await RenewSocketsAsync(round, stoppingToken);
            round = (round + 1) % RenewalsPerRound;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            _subscription ??= await client.GetStreamProvider(GatewayStreams.ProviderName)
                .GetStream<GatewayEvent>(StreamId.Create(GatewayStreams.Namespace, gateway.Id))
                .SubscribeAsync(this);

            var wasLive = await Directory().RenewAsync(gateway.Id, cancellationToken);
            if (!_ready.TrySetResult() && !wasLive)
            {
                RepairAll();
                news.Relist();
            }
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            Log.RenewFailed(logger, e.Message);
        }
    }

    /// <summary>Names the sockets again to their users' grains, which keep them in memory only.</summary>
    private async Task RenewSocketsAsync(int round, CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(
                registry.All.Where(socket => RoundOf(socket) == round),
                new ParallelOptions { MaxDegreeOfParallelism = RenewedCount, CancellationToken = cancellationToken },
                RenewSocketAsync);
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            Log.RenewFailed(logger, e.Message);
        }
    }

    private async ValueTask RenewSocketAsync(ClientSocket socket, CancellationToken cancellationToken)
    {
        var user = client.GetGrain<IUserSocketsGrain>(UserKeys.ForUser(socket.User));
        await user.OpenAsync(gateway.Id, socket.ConnectionId, cancellationToken);
        if (!registry.Has(socket))
        {
            // It closed meanwhile, and its close may have been overtaken.
            await user.CloseAsync(gateway.Id, socket.ConnectionId, cancellationToken);
        }
    }

    private static int RoundOf(ClientSocket socket) =>
        (int)((uint)socket.ConnectionId.GetHashCode(StringComparison.Ordinal) % RenewalsPerRound);

    private void RepairAll() => Repair(_audiences.SelectMany(audience => audience.Feeds));

    private static void Repair(IEnumerable<TopicFeed> feeds)
    {
        foreach (var feed in feeds)
        {
            feed.Repair();
        }
    }

    private IGatewayDirectoryGrain Directory() => client.GetGrain<IGatewayDirectoryGrain>(0);
}
