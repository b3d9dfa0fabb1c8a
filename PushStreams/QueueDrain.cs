using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace NewLoom.PushStreams;

/// <summary>Lets a silo that stops deliver what is queued, before its pulling agents go.</summary>
internal sealed partial class QueueDrain(PushQueues queues, TimeProvider time, ILogger<QueueDrain> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    // By default the agents stop at the very stage at which a silo waits for its clients to call others and then lets
    // its grains end; what grains publish meanwhile would not be delivered. (Viewers waited 3 s in a rolling restart.)
    internal const int AgentStage = ServiceLifecycleStage.BecomeActive - 10;

    // Stages stop in falling order. This is before a silo parts from its clients: what waits reaches them directly.
    internal const int Stage = ServiceLifecycleStage.Active + 1;

    // And this before the agents stop: what the last grains said goes through other silos, if there are any.
    private const int LastStage = AgentStage + 1;

    public void Participate(ISiloLifecycle lifecycle)
    {
        foreach (var stage in (int[])[Stage, LastStage])
        {
            lifecycle.Subscribe($"PushStreams {queues.Name}", stage, static _ => Task.CompletedTask, StopAsync);
        }
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await queues.DrainAsync().WaitAsync(queues.Options.DrainLimit, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            var (streams, events) = queues.Count();
            Log.NotDrained(logger, queues.Name, events, streams);
        }
    }
}
