namespace NewLoom.Tests.Authentication.Django;

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
                ["NewLoom__Authentication__Django__ConnectionString"] = $"Data Source={file}",
            }));
    }

    protected override ValueTask RemoveDatabaseAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Tests that share Django on SQLite.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDjangoOnSqlite : ICollectionFixture<DjangoOnSqlite>
{
    public const string Name = "Django on SQLite";
}
