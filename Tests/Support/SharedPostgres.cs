using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Grains.Storage.PostgreSql;
using NewLoom.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace NewLoom.Tests.Support;

/// <summary>The one PostgreSQL server of a run on PostgreSQL; each test's database is a copy of one that has been
/// migrated once.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private const string Template = "newloom_template";

    private static PostgresServer? _server;

    /// <summary>The server.</summary>
    public static PostgresServer Server =>
        _server ?? throw new InvalidOperationException("The tests do not run on PostgreSQL.");

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.IsPostgreSql)
        {
            _server = new PostgresServer();
            await _server.StartAsync(CancellationToken.None);
            await CreateTemplateAsync(_server);
        }
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

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
