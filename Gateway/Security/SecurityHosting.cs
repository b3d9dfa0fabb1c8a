using Microsoft.Extensions.DependencyInjection.Extensions;

namespace NewLoom.Gateway.Security;

/// <summary>Adds security events and their metrics.</summary>
internal static class SecurityHosting
{
    public static IServiceCollection AddNewLoomSecurity(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IdentityMetrics>();
        services.AddSingleton<SecurityEvents>();
        return services;
    }
}
