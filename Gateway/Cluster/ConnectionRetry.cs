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
}
