using System.Globalization;
using NewLoom.Bench.Processes;

namespace NewLoom.Bench.Cluster;

/// <summary>A whole cluster on this machine: PostgreSQL, silos without a gateway, gateways without a silo.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    /// <summary>The administrator's token.</summary>
    public const string AdminToken = "the-admin-token-of-the-bench";

    private const string DatabaseName = "newloom";

    private readonly ClusterNetwork _network = new();
    private DatabaseProxy? _proxy;

    private BenchCluster()
    {
    }

    /// <summary>The database server.</summary>
    public PostgresServer Database { get; } = new();

    /// <summary>The way to the database that members have.</summary>
    public DatabaseProxy DatabaseWay => _proxy!;

    /// <summary>The network.</summary>
    public ClusterNetwork Network => _network;

    /// <summary>The silos.</summary>
    public List<MemberProcess> Silos { get; } = [];

    /// <summary>The gateways.</summary>
    public List<MemberProcess> Gateways { get; } = [];

    /// <summary>All processes but the database's.</summary>
    public IEnumerable<MemberProcess> Members => Silos.Concat(Gateways);

    /// <summary>How this program reaches the database, by a way of its own.</summary>
    public string ConnectionString => Database.ConnectionString(DatabaseName);

    /// <summary>Starts everything, and returns when all of it serves.</summary>
    /// <param name="siloCount">How many silos.</param>
    /// <param name="gatewayCount">How many gateways.</param>
    /// <param name="folder">Where they run, and where their logs go.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<BenchCluster> StartAsync(
        int siloCount, int gatewayCount, string folder, CancellationToken cancellationToken)
    {
        var cluster = new BenchCluster();
        try
        {
            await cluster.OpenAsync(siloCount, gatewayCount, folder, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts again what has ended, as an orchestrator would.</summary>
    /// <returns>Those that were started.</returns>
    public IReadOnlyList<MemberProcess> Revive()
    {
        var ended = Members.Where(member => !member.IsRunning).ToList();
        ended.ForEach(member => member.Launch());
        return ended;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var member in Gateways.Concat(Silos))
        {
            await member.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await Database.DisposeAsync();
        _network.Dispose();
    }

    private async Task OpenAsync(
        int siloCount, int gatewayCount, string folder, CancellationToken cancellationToken)
    {
        await _network.OpenAsync(cancellationToken);
        await Database.StartAsync(cancellationToken);
        await Database.CreateDatabaseAsync(DatabaseName, cancellationToken);
        _proxy = new DatabaseProxy(_network.Own, Database.Port);
        for (var i = 0; i < siloCount + gatewayCount; i++)
        {
            var isSilo = i < siloCount;
            var place = await _network.AddAsync(cancellationToken);
            var member = new MemberProcess(
                isSilo ? $"silo{i + 1}" : $"gateway{i - siloCount + 1}", isSilo ? "Silo" : "Gateway", place,
                Settings(place), folder);
            (isSilo ? Silos : Gateways).Add(member);
            member.Launch();
        }

        foreach (var member in Members)
        {
            await member.UntilReadyAsync(cancellationToken);
        }
    }

    private (string Key, string Value)[] Settings(NetworkPlace place) =>
    [
        ("ASPNETCORE_URLS", $"http://{place.Address}:{place.HttpPort}"),
        ("ASPNETCORE_ENVIRONMENT", "Production"),
        ("ConnectionStrings__NewLoom",
            $"Host={_proxy!.EndPoint.Address};Port={_proxy.EndPoint.Port};Username={PostgresServer.User};" +
            $"Database={DatabaseName}"),
        ("NewLoom__Storage", "PostgreSql"),
        ("NewLoom__Clustering", "PostgreSql"),
        ("NewLoom__AdvertisedAddress", place.Address.ToString()),
        ("NewLoom__SiloPort", place.SiloPort.ToString(CultureInfo.InvariantCulture)),
        ("NewLoom__OrleansGatewayPort", place.OrleansGatewayPort.ToString(CultureInfo.InvariantCulture)),
        ("NewLoom__Gateway__Enabled", "false"),
        ("NewLoom__AdminToken", AdminToken),
    ];
}
