using System.Globalization;
using NewLoom.Bench.Processes;

namespace NewLoom.Bench.Cluster;

/// <summary>A whole cluster on this machine: PostgreSQL, silos and gateways.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    /// <summary>The administrator's token.</summary>
    public const string AdminToken = "the-admin-token-of-the-bench";

    private const string DatabaseName = "newloom";

    private readonly ClusterPlan _plan;
    private readonly ClusterNetwork _network = new();
    private DatabaseProxy? _proxy;

    private BenchCluster(ClusterPlan plan)
    {
        _plan = plan;
        Database = new PostgresServer { IsDurable = plan.IsMeasured };
    }

    /// <summary>The database server.</summary>
    public PostgresServer Database { get; }

    /// <summary>The way to the database that members have, unless the cluster is only measured.</summary>
    public DatabaseProxy DatabaseWay => _proxy!;

    /// <summary>The network.</summary>
    public ClusterNetwork Network => _network;

    /// <summary>The silos.</summary>
    public List<MemberProcess> Silos { get; } = [];

    /// <summary>The gateways.</summary>
    public List<MemberProcess> Gateways { get; } = [];

    /// <summary>All processes but the database's.</summary>
    public IEnumerable<MemberProcess> Members => Silos.Concat(Gateways);

    /// <summary>Those that clients connect to.</summary>
    public IReadOnlyList<MemberProcess> Doors => Gateways.Count > 0 ? Gateways : Silos;

    /// <summary>How this program reaches the database, by a way of its own.</summary>
    public string ConnectionString => Database.ConnectionString(DatabaseName);

    /// <summary>Starts everything, and returns when all of it serves.</summary>
    public static async Task<BenchCluster> StartAsync(ClusterPlan plan, CancellationToken cancellationToken)
    {
        var cluster = new BenchCluster(plan);
        try
        {
            await cluster.OpenAsync(cancellationToken);
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

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _network.OpenAsync(cancellationToken);
        if (!_plan.IsSqlite)
        {
            await Database.StartAsync(cancellationToken);
            await Database.CreateDatabaseAsync(DatabaseName, cancellationToken);
        }

        if (!_plan.IsMeasured)
        {
            _proxy = new DatabaseProxy(_network.Own, Database.Port);
        }

        for (var i = 0; i < _plan.Silos + _plan.Gateways; i++)
        {
            var isSilo = i < _plan.Silos;
            var place = await _network.AddAsync(cancellationToken);
            var member = new MemberProcess(
                isSilo ? $"silo{i + 1}" : $"gateway{i - _plan.Silos + 1}", isSilo ? "Silo" : "Gateway", place,
                [.. Settings(place), .. DatabaseSettings()], _plan.Folder);
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
        ("NewLoom__AdvertisedAddress", place.Address.ToString()),
        ("NewLoom__SiloPort", place.SiloPort.ToString(CultureInfo.InvariantCulture)),
        ("NewLoom__OrleansGatewayPort", place.OrleansGatewayPort.ToString(CultureInfo.InvariantCulture)),
        ("NewLoom__Gateway__Enabled", _plan.Gateways == 0 ? "true" : "false"),
        ("NewLoom__AdminToken", AdminToken),
        .. _plan.Settings,
    ];

    private (string Key, string Value)[] DatabaseSettings()
    {
        if (_plan.IsSqlite)
        {
            return [("ConnectionStrings__NewLoom", "Data Source=newloom.db")];
        }

        var way = _proxy is { EndPoint: var proxy }
            ? $"Host={proxy.Address};Port={proxy.Port};Username={PostgresServer.User};Database={DatabaseName}"
            : ConnectionString;
        return
        [
            ("ConnectionStrings__NewLoom", way),
            ("NewLoom__Storage", "PostgreSql"),
            ("NewLoom__Clustering", "PostgreSql"),
        ];
    }
}
