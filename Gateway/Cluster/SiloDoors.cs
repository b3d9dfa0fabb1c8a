using NewLoom.Gateway.Hosting;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Cluster;

/// <summary>Keeps a connection of this gateway to every silo, also to those that came later.</summary>
/// <remarks>
/// Orleans' client connects to the silos that it finds at its start, and to a later one only when it needs it for a call
/// (dotnet/orleans#7162). What a silo has to tell a gateway that is not connected to it goes through another silo. When
/// the network between those two is cut, and the rest of the cluster still reaches both, nobody is voted dead: without a
/// connection of its own the gateway would be deaf to that silo's chats for as long as the cut lasts.
/// </remarks>
internal sealed class SiloDoors(IGrainFactory grains, TimeProvider time) : StartedService
{
    /// <summary>How often all silos are visited.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Calls in an interval, to the silos in turn; with more silos than that it takes some intervals.</summary>
    private const int KnockCount = 8;

    protected override Task Ready => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Task.WhenAll(Enumerable.Range(0, KnockCount).Select(_ => KnockAsync(stoppingToken)));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    private async Task KnockAsync(CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<ISiloDoorGrain>(0).KnockAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, the next knock is at another silo.
        }
    }
}
