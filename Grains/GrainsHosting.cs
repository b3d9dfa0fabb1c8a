using Microsoft.Extensions.DependencyInjection;
using NewLoom.Grains.Gateways;
using NewLoom.Grains.Telemetry;
using NewLoom.Grains.Users;

namespace NewLoom.Grains;

/// <summary>Adds the grains' services to a silo.</summary>
public static class GrainsHosting
{
    /// <summary>Adds what the grains need beside storage and the stream provider of the gateways.</summary>
    public static ISiloBuilder AddNewLoomGrains(this ISiloBuilder silo)
    {
        silo.Services.AddUserGrains();
        silo.Services.AddSingleton<GatewayPublisher>();
        silo.Services.AddSingleton<IGatewayPublisher>(services => services.GetRequiredService<GatewayPublisher>());
        silo.Services.AddHostedService(services => services.GetRequiredService<GatewayPublisher>());
        silo.Services.AddSingleton<TopicWatch>();
        silo.Services.AddSingleton<ITopicWatch>(services => services.GetRequiredService<TopicWatch>());
        silo.Services.AddHostedService(services => services.GetRequiredService<TopicWatch>());
        return silo.AddStartupTask((services, _) =>
        {
            services.GetRequiredService<GrainMetrics>();    // shown before a grain needs it
            return Task.CompletedTask;
        });
    }
}
