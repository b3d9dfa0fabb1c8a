using Microsoft.Data.Sqlite;
using NewLoom.Gateway;
using NewLoom.Gateway.Hosting;
using NewLoom.Gateways;
using NewLoom.Grains;
using NewLoom.Grains.Storage;
using NewLoom.PushStreams;

namespace NewLoom.Silo;

/// <summary>Puts a silo together.</summary>
internal static class SiloHosting
{
    private const string DefaultDatabase = "Data Source=data/newloom.db";

    /// <summary>How long a stopping silo may take; a gateway in its process adds its drain. Orleans waits up to 30 s for
    /// grains to end what they are at, and the push streams up to 5 s for what is queued.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(45);

    /// <summary>Adds the silo with its storage; the database is brought to this version here.</summary>
    /// <returns>The hold on the database, to be kept as long as the process runs.</returns>
    /// <exception cref="ConfigurationException">A value is wrong.</exception>
    /// <exception cref="StorageSetupException">The database cannot be used.</exception>
    public static IDisposable AddNewLoomSilo(this WebApplicationBuilder builder)
    {
        var options = SiloSettings.Read(builder.Configuration);
        var database = options.Cluster.Database ?? DefaultDatabase;
        var hold = new DatabaseLock(SqliteMigrations.PathOf(database));
        using (var logging = LoggerFactory.Create(logs =>
            logs.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole()))
        {
            SqliteMigrations.Apply(database, logging.CreateLogger(typeof(SqliteMigrations)));
        }

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.UseOrleans(silo => silo
            .UseCluster(options)
            .AddNewLoomStorage(database)
            .AddNewLoomGrains()
            .AddPushStreams(GatewayStreams.ProviderName));
        return hold;
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
