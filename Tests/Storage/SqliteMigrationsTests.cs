using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Storage.Sqlite;

namespace NewLoom.Tests.Storage;

public sealed class SqliteMigrationsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Apply_IsHarmless_WhenRepeated()
    {
        Apply();
        var scripts = Query("SELECT count(*) FROM schema_versions");
        Apply();

        Assert.Equal(9L, scripts);
        Assert.Equal(9L, Query("SELECT count(*) FROM schema_versions"));
        Assert.Equal("Sqlite/0001_orleans_main.sql", Query("SELECT min(ScriptName) FROM schema_versions"));
        Assert.Equal("wal", Query("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task Apply_BringsADatabaseOfTheVersionBeforeTheAuditToThisOne_AndKeepsItsData()
    {
        await using (var before = new TestStorage(_folder.ConnectionString))
        {
            await before.Chats.CreateAsync("alice", 7, "tea", "alice", ["bob"]);
        }

        Query("DROP TABLE audit");
        Query("DELETE FROM schema_versions WHERE ScriptName = 'Sqlite/0008_audit.sql'");

        await using var after = new TestStorage(_folder.ConnectionString);
        await after.Chats.AddMemberAsync("alice", 7, "carol");
        Assert.Equal(9L, Query("SELECT count(*) FROM schema_versions"));
        var chat = await after.Chats.LoadAsync(7, TestContext.Current.CancellationToken);
        Assert.Equal(["alice", "bob", "carol"], chat!.Members.Select(member => member.User));
        var entry = Assert.Single(
            await after.Audit.ReadAsync(null, 0, 10, TestContext.Current.CancellationToken));
        Assert.Equal((1L, "carol"), (entry.EntryId, entry.User));
    }

    [Fact]
    public void Apply_CreatesTheFolder()
    {
        var path = Path.Combine(Path.GetDirectoryName(_folder.DatabasePath)!, "a", "b", "newloom.db");
        SqliteMigrations.Apply($"Data Source={path}", NullLogger.Instance);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Apply_RefusesADatabaseOfANewerVersion()
    {
        Apply();
        Query("INSERT INTO schema_versions (ScriptName, Applied) VALUES ('Sqlite/9999_future.sql', '2030-01-01')");
        AssertRefused(_folder.ConnectionString, "newer version", "9999_future", _folder.DatabasePath);
    }

    [Fact]
    public void Apply_RefusesAFileThatIsNoDatabase()
    {
        File.WriteAllText(_folder.DatabasePath, string.Concat(Enumerable.Repeat("This is a text file. ", 100)));
        AssertRefused(_folder.ConnectionString, "not a database", _folder.DatabasePath);
    }

    [Fact]
    public void Apply_RefusesAFolderThatCannotBe()
    {
        File.WriteAllText(_folder.DatabasePath, "a file where a folder should be");
        AssertRefused($"Data Source={_folder.DatabasePath}/newloom.db", _folder.DatabasePath);
    }

    [Fact]
    public void Apply_RefusesADirectory()
    {
        Directory.CreateDirectory(_folder.DatabasePath);
        AssertRefused(_folder.ConnectionString, "cannot be used", _folder.DatabasePath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Host=db;Username=x")]
    public void Apply_RefusesAConnectionStringWithoutAFile(string connectionString) => AssertRefused(connectionString);

    private static void AssertRefused(string connectionString, params string[] parts)
    {
        var refusal = Assert.Throws<StorageSetupException>(
            () => SqliteMigrations.Apply(connectionString, NullLogger.Instance));
        Assert.Contains("ConnectionStrings:NewLoom", refusal.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private void Apply() => SqliteMigrations.Apply(_folder.ConnectionString, NullLogger.Instance);

    private object? Query(string sql)
    {
        using var connection = new SqliteConnection(_folder.ConnectionString + ";Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
