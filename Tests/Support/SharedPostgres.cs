using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Bench.Processes;
using NewLoom.Grains.Storage.PostgreSql;
using NewLoom.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace NewLoom.Tests.Support;

/// <summary>The one PostgreSQL server of a run, started when the run is on PostgreSQL or a test asks for it; each
/// test's database is a copy of one that has been migrated once.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private const string Template = "newloom_template";

    private static readonly Lazy<Task> Started = new(StartAsync);
    private static PostgresServer? _server;

    /// <summary>The server.</summary>
    public static PostgresServer Server =>
        _server ?? throw new InvalidOperationException("Nobody has started the server.");

    /// <summary>Returns when the server answers.</summary>
    public static Task EnsureStartedAsync() => Started.Value;

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.IsPostgreSql)
        {
            await EnsureStartedAsync();
        }
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task StartAsync()
    {
        Requirement.Demand(PostgresServer.IsInstalled, "PostgreSQL");
        _server = new PostgresServer();
        await _server.StartAsync(CancellationToken.None);
        await CreateTemplateAsync(_server);
    }

    /// <summary>Creates a database with this version's schema.</summary>
    /// <returns>How it is reached.</returns>
    public static string CreateDatabase() => Server.CopyDatabase(Template, $"t{Guid.NewGuid():N}");

    private static async Task CreateTemplateAsync(PostgresServer server) =>
        await PostgreSqlMigrations.ApplyAsync(
            await server.CreateDatabaseAsync(Template, CancellationToken.None),
            NullLogger.Instance,
            TimeProvider.System,
            CancellationToken.None);
}
