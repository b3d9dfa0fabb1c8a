using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NewLoom.Silo;

/// <summary>Ready while the cluster counts this silo among its members.</summary>
internal sealed class MemberCheck(ISiloStatusOracle members) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(members.CurrentStatus == SiloStatus.Active
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"{members.CurrentStatus}"));
}
