using Microsoft.Extensions.Diagnostics.HealthChecks;
using NewLoom.Gateway.Cluster;

namespace NewLoom.Gateway.Health;

/// <summary>Ready while the gateway reaches the cluster.</summary>
internal sealed class ClusterCheck(ClusterConnection connection) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(connection.IsUp
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("no silo is connected"));
}
