using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;

namespace NewLoom.PushStreams;

/// <summary>Lets a silo that stops deliver what is queued, before its pulling agent goes.</summary>
internal sealed partial class QueueDrain(PushQueue queue, TimeProvider time, ILogger<QueueDrain> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    // Stages stop in falling order, so this ends before the stage at which the agent does.
    internal const int Stage = StreamLifecycleOptions.DEFAULT_START_STAGE + 1;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe($"PushStreams {queue.Name}", Stage, static _ => Task.CompletedTask, StopAsync);

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await queue.DrainAsync().WaitAsync(queue.Options.DrainLimit, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            var (streams, events) = queue.Count();
            Log.NotDrained(logger, queue.Name, events, streams);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5101, LogLevel.Warning,
            "Push streams {Provider}: the silo stops with {EventCount} events of {StreamCount} streams undelivered")]
        public static partial void NotDrained(ILogger logger, string provider, int eventCount, int streamCount);
    }
}
