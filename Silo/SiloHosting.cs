using NewLoom.Gateways;
using NewLoom.Grains;
using NewLoom.Grains.Storage;
using NewLoom.PushStreams;
using Orleans.Configuration;

namespace NewLoom.Silo;

/// <summary>Puts a silo together.</summary>
internal static class SiloHosting
{
    /// <summary>Also the Orleans service id, which is part of every grain state's key: it must never change.</summary>
    private const string ServiceId = "newloom";

    private const string DefaultUrl = "http://localhost:8000";

    /// <summary>How long a grain call may take. A client waits for it, and is told to try again.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds the silo with its storage; the database is brought to this version here. A database server that
    /// cannot be reached is waited for.</summary>
    /// <returns>The hold on the database, to be kept as long as the process runs.</returns>
    /// <exception cref="ConfigurationException">A value is wrong.</exception>
    /// <exception cref="StorageSetupException">The database cannot be used.</exception>
    public static async Task<IDisposable> AddNewLoomSiloAsync(this WebApplicationBuilder builder)
    {
        var options = SiloSettings.Read(builder.Configuration);
        var hasAddress = ListenUrls.Check(builder.Configuration, DefaultUrl);
        var storage = await SiloStorage.OpenAsync(options.Storage, builder.Configuration);
        if (!hasAddress)
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.UseOrleans(silo => storage.AddTo(silo
            .UseLocalhostClustering(options.SiloPort, options.OrleansGatewayPort, null, ServiceId, ServiceId)
            .Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (ServiceId, ServiceId))
            .Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout)
            .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout))
            .AddNewLoomGrains()
            .AddPushStreams(GatewayStreams.ProviderName));
        if (builder.Environment.IsDevelopment() && builder.Configuration["NewLoom:AdminToken"] is null)
        {
            builder.Services.AddHostedService<DevelopmentData>();
        }

        return storage;
    }
}
