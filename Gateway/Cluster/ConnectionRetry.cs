using Orleans.Runtime;

namespace NewLoom.Gateway.Cluster;

/// <summary>Lets a gateway that is started before the cluster wait for it.</summary>
internal sealed partial class ConnectionRetry(TimeProvider time, ILogger<ConnectionRetry> logger)
    : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        Log.NotYet(logger, exception.GetBaseException().Message.ReplaceLineEndings(" "));
        await Task.Delay(Interval, time, cancellationToken);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1211, LogLevel.Warning, "The cluster cannot be reached yet, trying again: {Reason}")]
        public static partial void NotYet(ILogger logger, string reason);
    }
}
