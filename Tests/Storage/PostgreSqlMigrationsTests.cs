using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Gateway.Cluster;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Storage.PostgreSql;
using NewLoom.Tests.Support;
using Npgsql;

namespace NewLoom.Tests.Storage;

public sealed class PostgreSqlMigrationsTests : IClassFixture<PostgreSqlFixture>
{
    private const int SiloCount = 10;
    private const long ScriptCount = 11;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_RunsEveryScriptOnce_WhenTenSilosStartAtOnce()
    {
        var database = await NewDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, SiloCount).Select(_ => Task.Run(() => ApplyAsync(database), Ct)));

        Assert.Equal(ScriptCount, await QueryAsync(database, "SELECT count(*) FROM schema_versions"));
        Assert.Equal(
            ScriptCount, await QueryAsync(database, "SELECT count(DISTINCT scriptname) FROM schema_versions"));
        Assert.Equal(0L, await QueryAsync(database, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"));
    }

    [Fact]
    public void Gateways_KnowTheNewestScript() => Assert.Equal(
        ClusterRegister.SchemaVersion,
        typeof(PostgreSqlMigrations).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("PostgreSql/", StringComparison.Ordinal))
            .Max(StringComparer.Ordinal));

    [Fact]
    public async Task Apply_RefusesADatabaseOfANewerVersion()
    {
        var database = await NewDatabaseAsync();
        await ApplyAsync(database);
        await QueryAsync(
            database, "INSERT INTO schema_versions (scriptname, applied) VALUES ('PostgreSql/9999_future.sql', now())");

        await AssertRefusedAsync(database, "newer version", "9999_future");
    }

    [Fact]
    public async Task Apply_RefusesADatabaseThatIsNotThere() =>
        await AssertRefusedAsync(SharedPostgres.Server.ConnectionString("nowhere"), "nowhere", "does not exist");

    [Theory]
    [InlineData("")]
    [InlineData("Data Source=data/newloom.db")]
    [InlineData("Host=db;Username=newloom;Password=s3cret")]
    [InlineData("Host=db;Database=newloom;Password=s3cret;s3cret")]
    [InlineData("Host=db;Database=newloom;Password=\"s3cret")]
    [InlineData("Host=db;Database=newloom;Password=a;s3cret=b")]
    [InlineData("Host=db;Database=newloom;Port=s3cret")]
    public async Task Apply_RefusesAConnectionStringThatNamesNoDatabase_WithoutQuotingIt(string connectionString) =>
        await AssertRefusedAsync(connectionString);

    [Fact]
    public async Task Apply_TriesAgain_WhileTheServerCannotBeReached_UntilCancelled()
    {
        using var closed = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        closed.Start();
        var port = ((System.Net.IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var time = new ArmedTime();
        var logger = new LineLogger<TestStorage>();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var applying = PostgreSqlMigrations.ApplyAsync(
            $"Host=127.0.0.1;Port={port};Database=newloom;Password=s3cret", logger, time, cancelled.Token);

        for (var i = 0; i < 3; i++)
        {
            var line = await logger.NextAsync(Ct);
            Assert.Contains($"newloom on 127.0.0.1:{port} cannot be reached", line, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal);
            await time.WaitForTimersAsync(1, Ct);
            time.Advance(TimeSpan.FromSeconds(3));
        }

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => applying);
    }

    private static async Task AssertRefusedAsync(string connectionString, params string[] parts)
    {
        var refusal = await Assert.ThrowsAsync<StorageSetupException>(() => ApplyAsync(connectionString));
        Assert.Contains("ConnectionStrings:NewLoom", refusal.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.DoesNotContain("s3cret", refusal.Message, StringComparison.Ordinal);
    }

    private static Task ApplyAsync(string connectionString) =>
        PostgreSqlMigrations.ApplyAsync(connectionString, NullLogger.Instance, TimeProvider.System, Ct);

    private static Task<string> NewDatabaseAsync() =>
        SharedPostgres.Server.CreateDatabaseAsync($"m{Guid.NewGuid():N}", Ct);

    private static async Task<object?> QueryAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=False");
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }
}
