using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NewLoom.Gateway.Dashboard;
using NewLoom.Gateway.Health;
using NewLoom.Gateway.Hosting;
using NewLoom.Gateway.Telemetry;
using NewLoom.Gateways;
using NewLoom.PushStreams;
using Npgsql;
using Orleans.Configuration;

namespace NewLoom.Gateway.Cluster;

/// <summary>Makes a process a client of the cluster.</summary>
internal static class ClusterClientHosting
{
    /// <summary>How long a grain call may take; the client is told to try again then.</summary>
    /// <remarks>A call that takes longer has met a silo that has just died, and by then there may be an answer from
    /// another one.</remarks>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How often the list of silos is read again (default: 1 min), and for how long one that failed is
    /// avoided: a silo that has come back is used again after this.</summary>
    private static readonly TimeSpan SiloListRefresh = TimeSpan.FromSeconds(5);

    /// <summary>What a connection string does not say itself: the list of silos is all that is read, and a server that
    /// does not answer must not hold up the next try.</summary>
    private const string DatabaseDefaults =
        "Timeout=5;Command Timeout=5;Maximum Pool Size=2;Application Name=newloom-gateway;";

    /// <summary>Adds the Orleans client. It waits for the cluster at the start, while the process already answers
    /// health checks.</summary>
    /// <exception cref="ConfigurationException">A value is wrong.</exception>
    public static void AddNewLoomClusterClient(this WebApplicationBuilder builder)
    {
        var cluster = ClusterSettings.Read(builder.Configuration);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ClusterConnection>();
        builder.Services.AddSingleton<IClusterConnectionStatusObserver>(
            services => services.GetRequiredService<ClusterConnection>());
        builder.Services.AddHostedService<SiloDoors>();

        builder.Services.AddStorageCheck(services =>
        {
            var grains = services.GetRequiredService<IGrainFactory>();
            return () => grains.GetGrain<IStorageProbeGrain>(0).ProbeAsync();
        });

        // Kestrel starts last, and would wait for the cluster with all others.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        builder.UseOrleansClient(client => (TelemetryHosting.IsTracing(builder.Configuration)
                ? client.AddActivityPropagation() : client)
            .UseCluster(cluster)
            .Configure<ClusterOptions>(
                options => (options.ServiceId, options.ClusterId) = (cluster.ServiceId, cluster.ClusterId))
            .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout)
            .Configure<ClientConnectionOptions>(
                connections => connections.ConfigureConnection(UnacknowledgedData.LimitUnacknowledgedData))
            .Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = SiloListRefresh)
            .UseConnectionRetryFilter<ConnectionRetry>()
            .AddOutgoingGrainCallFilter<RejectedCalls>()
            .AddOutgoingGrainCallFilter<BrokenCalls>()
            .AddPushStreams(GatewayStreams.ProviderName)
            .AddNewLoomDashboard());
    }

    /// <summary>Makes sure that this process belongs to the cluster. Waits for the database, and for the first
    /// silo.</summary>
    /// <exception cref="ConfigurationException">It does not; the message says why.</exception>
    public static async Task CheckClusterAsync(this WebApplication app)
    {
        // What is wrong with the configuration is said at once, however long the database must be waited for.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        var cluster = ClusterSettings.Read(app.Configuration);
        if (cluster.Clustering == ClusteringKind.Localhost)
        {
            return;
        }

        await using var database = NpgsqlDataSource.Create(DatabaseDefaults + cluster.Database);
        var register = new ClusterRegister(
            database, cluster, TimeProvider.System, app.Services.GetRequiredService<ILogger<ClusterRegister>>());

        // Until the host runs, a signal to end ends the process: there is nothing to be tidied up yet.
        await register.CheckAsync(CancellationToken.None);
    }

    private static IClientBuilder UseCluster(this IClientBuilder client, ClusterSettings cluster)
    {
        if (cluster.Clustering == ClusteringKind.Localhost)
        {
            return client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, cluster.OrleansGatewayPort));
        }

        client.Services.TryAddSingleton(_ => NpgsqlDataSource.Create(DatabaseDefaults + cluster.Database));
        return client.UseAdoNetClustering(options => options.Configure<NpgsqlDataSource>(
            (clustering, database) => (clustering.Invariant, clustering.DataSource) = ("Npgsql", database)));
    }
}
