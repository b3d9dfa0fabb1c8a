using NewLoom.Bench.Processes;
using NewLoom.Tests.Durability;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Cluster;

/// <summary>A real cluster: silos and gateways as processes, and their PostgreSQL server.</summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    private readonly PostgresServer _server = new();
    private readonly List<ServiceProcess> _silos = [];
    private readonly List<ServiceProcess> _gateways = [];

    /// <summary>The PostgreSQL server.</summary>
    public PostgresServer Server => _server;

    /// <summary>How to reach the cluster's database.</summary>
    public string Database { get; private set; } = "";

    public IReadOnlyList<ServiceProcess> Silos => _silos;

    /// <summary>Those that clients connect to.</summary>
    public IReadOnlyList<ServiceProcess> Gateways => _gateways.Count > 0 ? _gateways : _silos;

    /// <summary>Starts the server and all processes at once, as after a power cut.</summary>
    /// <param name="siloCount">Silos.</param>
    /// <param name="gatewayCount">Gateways; with none, each silo has one in its process.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ClusterProcesses> StartAsync(
        int siloCount, int gatewayCount, CancellationToken cancellationToken)
    {
        Requirement.Demand(PostgresServer.IsInstalled, "PostgreSQL");
        var cluster = new ClusterProcesses();
        await cluster._server.StartAsync(cancellationToken);
        var database = cluster.Database = await cluster._server.CreateDatabaseAsync("newloom", cancellationToken);
        for (var i = 0; i < siloCount; i++)
        {
            var hasGateway = gatewayCount == 0 ? "true" : "false";
            cluster._silos.Add(new ServiceProcess(Settings(database, ("NewLoom__Gateway__Enabled", hasGateway))));
        }

        for (var i = 0; i < gatewayCount; i++)
        {
            cluster._gateways.Add(new ServiceProcess(Settings(database), program: "Gateway"));
        }

        await Task.WhenAll(
            cluster._silos.Concat(cluster._gateways).Select(process => process.StartAsync(cancellationToken)));
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _gateways.Concat(_silos))
        {
            await process.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    private static Dictionary<string, string?> Settings(string database, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>(Load.Limits)
        {
            ["NewLoom__Storage"] = "PostgreSql",
            ["NewLoom__Clustering"] = "PostgreSql",
            ["NewLoom__AdvertisedAddress"] = "127.0.0.1",
            ["ConnectionStrings__NewLoom"] = database,
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }
}
