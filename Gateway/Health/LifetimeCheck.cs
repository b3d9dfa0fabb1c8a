using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NewLoom.Gateway.Health;

/// <summary>Ready from the end of the start until the process is asked to stop.</summary>
internal sealed class LifetimeCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime switch
        {
            { ApplicationStopping.IsCancellationRequested: true } => HealthCheckResult.Unhealthy("stopping"),
            { ApplicationStarted.IsCancellationRequested: false } => HealthCheckResult.Unhealthy("starting"),
            _ => HealthCheckResult.Healthy(),
        });
}
