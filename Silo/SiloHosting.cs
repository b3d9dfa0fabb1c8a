using NewLoom.Gateway;
using NewLoom.Gateway.Dashboard;
using NewLoom.Gateway.Health;
using NewLoom.Gateway.Telemetry;
using NewLoom.Gateways;
using NewLoom.Grains;
using NewLoom.Grains.Storage;
using NewLoom.PushStreams;

namespace NewLoom.Silo;

/// <summary>Puts a silo together.</summary>
internal static class SiloHosting
{
    /// <summary>How long a stopping silo may take; a gateway in its process adds its drain. Orleans waits up to 30 s
    /// for grains to end what they are at, and the push streams up to 5 s for what is queued.</summary>
    internal static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(45);

    /// <summary>Adds the silo with its storage; the database is brought to this version here. A database server that
    /// cannot be reached is waited for.</summary>
    /// <returns>The hold on the database, to be kept as long as the process runs.</returns>
    /// <exception cref="ConfigurationException">A value is wrong.</exception>
    /// <exception cref="StorageSetupException">The database cannot be used.</exception>
    public static async Task<IDisposable> AddNewLoomSiloAsync(this WebApplicationBuilder builder)
    {
        var options = SiloSettings.Read(builder.Configuration);
        var storage = await SiloStorage.OpenAsync(options, builder.Configuration);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddStorageCheck(services => services.GetRequiredService<IStorageProbe>().ProbeAsync);
        builder.Services.AddHealthChecks().AddCheck<MemberCheck>("cluster member", tags: [HealthHosting.ReadyTag]);
        var isTracing = TelemetryHosting.IsTracing(builder.Configuration);
        builder.UseOrleans(silo => storage.AddTo(isTracing ? silo.AddActivityPropagation() : silo)
            .UseCluster(options)
            .AddNewLoomGrains()
            .AddPushStreams(GatewayStreams.ProviderName)
            .AddNewLoomDashboard());
        builder.Services.AddOptions<PushStreamOptions>(GatewayStreams.ProviderName).BindConfiguration(
            SiloStartUp.PushStreamsSection, binder => binder.ErrorOnUnknownConfiguration = true);
        return storage;
    }

    /// <summary>Adds a gateway to the silo's process; and somebody to be for a developer who has configured no
    /// administrator.</summary>
    public static void AddGatewayOfSilo(this WebApplicationBuilder builder)
    {
        builder.AddNewLoomGateway();
        builder.Services.AddHostedService<MembershipWatch>();
        if (builder.Environment.IsDevelopment() && builder.Configuration["NewLoom:AdminToken"] is null)
        {
            builder.Services.AddHostedService<DevelopmentData>();    // last: what it prints must work
        }
    }
}
