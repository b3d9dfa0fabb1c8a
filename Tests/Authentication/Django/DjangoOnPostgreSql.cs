using NewLoom.Bench.Processes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>Django on PostgreSQL.</summary>
public sealed class DjangoOnPostgreSql : DjangoFixture
{
    private readonly PostgresServer _server = new();

    protected override async Task<(Dictionary<string, string> Site, Dictionary<string, string?> Bridge)>
        CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync(cancellationToken);
        var connectionString = await _server.CreateDatabaseAsync("site", cancellationToken);
        return (
            new Dictionary<string, string>
            {
                ["SITE_DATABASE_ENGINE"] = "postgresql",
                ["SITE_DATABASE_NAME"] = "site",
                ["SITE_DATABASE_HOST"] = "127.0.0.1",
                ["SITE_DATABASE_PORT"] = $"{_server.Port}",
                ["SITE_DATABASE_USER"] = PostgresServer.User,
            },
            new Dictionary<string, string?>
            {
                ["NewLoom__Authentication__Django__ConnectionString"] = connectionString,
            });
    }

    protected override ValueTask RemoveDatabaseAsync() => _server.DisposeAsync();
}

/// <summary>Tests that share Django on PostgreSQL.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDjangoOnPostgreSql : ICollectionFixture<DjangoOnPostgreSql>
{
    public const string Name = "Django on PostgreSQL";
}
