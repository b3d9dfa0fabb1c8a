using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NewLoom.Gateways;
using Orleans.Streams;

namespace NewLoom.Grains.Gateways;

/// <inheritdoc cref="IGatewayPublisher"/>
internal sealed partial class GatewayPublisher(
    IServiceProvider services, IGrainFactory grains, ILocalSiloDetails silo, TimeProvider time,
    ILogger<GatewayPublisher> logger)
    : BackgroundService, IGatewayPublisher
{
    /// <summary>How often the live gateways are asked for, and told that this silo is alive.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstListLimit = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LiveGateways _live = new();
    private readonly ConcurrentDictionary<string, IAsyncStream<GatewayEvent>> _streams = new();
    private IStreamProvider? _provider;

    public ImmutableHashSet<string> LiveGateways => _live.Current;

    public Task Listed => _listed.Task;

    public Task PublishAsync(string gatewayId, GatewayEvent item) =>
        _streams.GetOrAdd(gatewayId, StreamOf).OnNextAsync(item);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SpeakAsync(_live.Current, isLeaving: true);    // its silence means nothing any more
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var limit = time.CreateTimer(
            _ => _listed.TrySetResult(), state: null, FirstListLimit, Timeout.InfiniteTimeSpan);

        // A directory that does not answer must not keep the silo from speaking.
        await Task.WhenAll(
            RepeatAsync(() => RefreshAsync(stoppingToken), stoppingToken),
            RepeatAsync(() => SpeakAsync(_live.Current), stoppingToken));
    }

    private async Task RepeatAsync(Func<Task> act, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await act();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var before = _live.Current;
        try
        {
            var named = await grains.GetGrain<IGatewayDirectoryGrain>(0).ListAsync(cancellationToken);
            _live.Update(named, time.GetUtcNow());
            _listed.TrySetResult();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, the silo lives on with the last list.
            Log.DirectoryUnreachable(logger, e);
        }

        foreach (var gatewayId in _streams.Keys)
        {
            if (!_live.Current.Contains(gatewayId))
            {
                _streams.TryRemove(gatewayId, out _);
            }
        }

        await SpeakAsync(_live.Current.Except(before));
    }

    private async Task SpeakAsync(ImmutableHashSet<string> gatewayIds, bool isLeaving = false)
    {
        foreach (var gatewayId in gatewayIds)
        {
            try
            {
                await PublishAsync(gatewayId, new SiloAlive { Silo = silo.SiloAddress, IsLeaving = isLeaving });
            }
            catch (Exception e)
            {
                Log.NotSpoken(logger, gatewayId, e);    // whatever it was, the others are told, and this one asks
            }
        }
    }

    private IAsyncStream<GatewayEvent> StreamOf(string gatewayId)
    {
        _provider ??= services.GetRequiredKeyedService<IStreamProvider>(GatewayStreams.ProviderName);
        return _provider.GetStream<GatewayEvent>(StreamId.Create(GatewayStreams.Namespace, gatewayId));
    }
}
