using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>One Django database, a site on it for each kind of session, and NewLoom beside them.</summary>
public abstract class DjangoFixture : IAsyncLifetime
{
    private ServiceProcess? _service;

    /// <summary>Keeps sessions in the database.</summary>
    public DjangoSite Site { get; } = new();

    /// <summary>Keeps sessions in their cookies.</summary>
    public DjangoSite CookieSite { get; } = new();

    public ServiceProcess Service => _service ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        var (site, bridge) = await CreateDatabaseAsync(ct);
        _service = new ServiceProcess(new Dictionary<string, string?>(bridge)
        {
            ["NewLoom__Authentication__Django__SecretKey"] = "a newer key, which signs nothing yet",
            ["NewLoom__Authentication__Django__SecretKeyFallbacks__0"] = DjangoSite.SecretKey,
        });
        await Site.StartAsync("db", site, ct);
        await CookieSite.StartAsync("signed_cookies", site, ct);
        await Service.StartAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await CookieSite.DisposeAsync();
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        await RemoveDatabaseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The site of the engine's name.</summary>
    public DjangoSite SiteOf(string sessionEngine) => sessionEngine == "db" ? Site : CookieSite;

    /// <summary>Opens an extended chat socket as a page of NewLoom's own origin with this cookie.</summary>
    public Task<TestSocket> OpenAsync(string sessionId, string? query = null) => TestSocket.OpenAsync(
        Service, token: null, isExtended: true, query, headers: new Dictionary<string, string>
        {
            ["Cookie"] = $"sessionid={sessionId}",
            ["Origin"] = Service.HttpUri.GetLeftPart(UriPartial.Authority),
        });

    protected abstract Task<(Dictionary<string, string> Site, Dictionary<string, string?> Bridge)> CreateDatabaseAsync(
        CancellationToken cancellationToken);

    protected abstract ValueTask RemoveDatabaseAsync();
}

/// <summary>Django on SQLite.</summary>
public sealed class DjangoOnSqlite : DjangoFixture
{
    private readonly string _folder = Directory.CreateTempSubdirectory("newloom-django-").FullName;

    protected override Task<(Dictionary<string, string> Site, Dictionary<string, string?> Bridge)> CreateDatabaseAsync(
        CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder, "db.sqlite3");
        return Task.FromResult((
            new Dictionary<string, string> { ["SITE_DATABASE_ENGINE"] = "sqlite3", ["SITE_DATABASE_NAME"] = file },
            new Dictionary<string, string?>
            {
                ["NewLoom__Authentication__Django__Database"] = "Sqlite",
                ["NewLoom__Authentication__Django__ConnectionString"] = $"Data Source={file}",
            }));
    }

    protected override ValueTask RemoveDatabaseAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

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

/// <summary>Tests that share Django on SQLite.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDjangoOnSqlite : ICollectionFixture<DjangoOnSqlite>
{
    public const string Name = "Django on SQLite";
}

/// <summary>Tests that share Django on PostgreSQL.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDjangoOnPostgreSql : ICollectionFixture<DjangoOnPostgreSql>
{
    public const string Name = "Django on PostgreSQL";
}
