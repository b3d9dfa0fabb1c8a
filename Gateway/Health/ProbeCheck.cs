using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NewLoom.Gateway.Health;

/// <summary>Ready while something answers. It is asked once a second at most and once at a time, however many probes
/// there are, and has <see cref="Limit"/> for its answer.</summary>
internal sealed class ProbeCheck(Func<Task> probe, TimeProvider time) : IHealthCheck
{
    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer counts.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task? _last;
    private long _askedAt;

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await Ask().WaitAsync(Limit, time, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // What is wrong is in the log of whoever found it; this answer may be seen by anybody.
            return HealthCheckResult.Unhealthy(e is TimeoutException ? "does not answer" : "refuses");
        }
    }

    private Task Ask()
    {
        lock (_gate)
        {
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(_askedAt) >= Age))
            {
                _askedAt = time.GetTimestamp();
                _last = probe();
            }

            return _last;
        }
    }
}
