using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Hosting;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Storage.PostgreSql;
using NewLoom.Grains.Storage.Sqlite;
using Npgsql;

namespace NewLoom.Silo;

/// <summary>The database of a silo process, at this version's schema, held for as long as the process runs.</summary>
internal sealed class SiloStorage : IDisposable
{
    private const string DefaultFile = "Data Source=data/newloom.db";

    private readonly string _connectionString;
    private readonly IDisposable _hold;

    private SiloStorage(string connectionString, IDisposable hold) =>
        (_connectionString, _hold) = (connectionString, hold);

    /// <summary>Brings the database to this version. A server that cannot be reached is waited for.</summary>
    /// <exception cref="StorageSetupException">The database cannot be used.</exception>
    /// <exception cref="ConfigurationException">This silo is a stranger to the cluster in it.</exception>
    public static async Task<SiloStorage> OpenAsync(SiloOptions options, IConfiguration configuration)
    {
        using var logging = LoggerFactory.Create(logs =>
            logs.AddConfiguration(configuration.GetSection("Logging")).AddConsole());
        var connectionString = configuration.GetConnectionString("NewLoom");
        return options.Storage == StorageKind.PostgreSql
            ? await OpenServerAsync(connectionString ?? "", options.Cluster, logging)
            : OpenFile(connectionString ?? DefaultFile, logging);
    }

    /// <summary>Adds the stores to the silo.</summary>
    public ISiloBuilder AddTo(ISiloBuilder silo) =>
        _hold is NpgsqlDataSource source ? silo.AddNewLoomStorage(source) : silo.AddNewLoomStorage(_connectionString);

    public void Dispose() => _hold.Dispose();

    private static SiloStorage OpenFile(string connectionString, ILoggerFactory logging)
    {
        var hold = new DatabaseLock(SqliteMigrations.PathOf(connectionString));
        SqliteMigrations.Apply(connectionString, logging.CreateLogger(typeof(SqliteMigrations)));
        return new SiloStorage(connectionString, hold);
    }

    // Until the host runs, a signal to end ends the process: there is nothing to be tidied up yet.
    private static async Task<SiloStorage> OpenServerAsync(
        string connectionString, ClusterSettings cluster, ILoggerFactory logging)
    {
        var source = PostgreSqlSource.Create(connectionString);
        await PostgreSqlMigrations.ApplyAsync(
            connectionString, logging.CreateLogger(typeof(PostgreSqlMigrations)), TimeProvider.System,
            CancellationToken.None);
        var register = new ClusterRegister(
            source, cluster, TimeProvider.System, logging.CreateLogger<ClusterRegister>());
        await register.JoinAsync(CancellationToken.None);
        return new SiloStorage(connectionString, source);
    }
}
