using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Hosting;
using NewLoom.Tests.Storage;
using NewLoom.Tests.Support;
using Npgsql;

namespace NewLoom.Tests.Cluster;

/// <summary>Processes that come to a cluster's database, before they belong to the cluster.</summary>
public sealed class NewcomerTests : IClassFixture<PostgreSqlFixture>, IDisposable
{
    private const string NewerScript = "PostgreSql/9999_future.sql";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly TestDatabase _database = new(isFile: false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Theory]
    [InlineData("Silo", "NewLoom__ClusterSecret", "wr0ng", "NewLoom:ClusterSecret is not the one that the others have")]
    [InlineData("Gateway", "NewLoom__ClusterSecret", "wr0ng", "NewLoom:ClusterSecret is not the one")]
    [InlineData("Silo", "NewLoom__ClusterSecret", null, "NewLoom:ClusterSecret is missing")]
    [InlineData("Silo", "NewLoom__ServiceId", "other", "NewLoom:ServiceId is 'other'")]
    [InlineData("Gateway", "NewLoom__ServiceId", "other", "NewLoom:ServiceId is 'other'")]
    public async Task Stranger_EndsWithASentenceThatSaysWhatItHasNotInCommon(
        string program, string variable, string? value, string why)
    {
        await FoundAsync();
        await AssertRefusedAsync(program, why, (variable, value));
    }

    [Theory]
    [InlineData("Silo")]
    [InlineData("Gateway")]
    public async Task OlderVersion_EndsWithASentenceThatNamesTheScriptItDoesNotKnow(string program)
    {
        await FoundAsync();
        _database.Execute($"INSERT INTO schema_versions (scriptname, applied) VALUES ('{NewerScript}', now())");
        await AssertRefusedAsync(program, NewerScript);
    }

    [Theory]
    [InlineData("Silo")]
    [InlineData("Gateway")]
    public async Task UnreachableDatabase_IsTriedAgainWithALineEachTime(string program)
    {
        await using var process = Process(program, ("ConnectionStrings__NewLoom", $"{Unreachable};Password=hunter2"));
        process.Launch();
        await process.UntilOutputAsync("cannot be reached", Ct, count: 2);

        await process.StopAsync(Ct);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", process.Output, StringComparison.Ordinal);
    }

    private static string Unreachable => "Host=127.0.0.1;Port=1;Database=newloom;Username=newloom";

    /// <summary>Writes the cluster down, as its first silo does.</summary>
    private async Task FoundAsync()
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        var settings = new ClusterSettings
        {
            Clustering = ClusteringKind.PostgreSql,
            ClusterId = "newloom",
            ServiceId = "newloom",
            Secret = "s3cret",
            OrleansGatewayPort = 30_000,
            Database = null,
        };
        await new ClusterRegister(source, settings, TimeProvider.System, NullLogger.Instance).JoinAsync(Ct);
    }

    private async Task AssertRefusedAsync(
        string program, string why, params (string Name, string? Value)[] settings)
    {
        await using var process = Process(program, settings);
        await process.Launch().WaitForExitAsync(Ct).WaitAsync(Limit, Ct);

        Assert.Equal(1, process.Process.ExitCode);
        var sentence = process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.StartsWith("NewLoom did not start: ", sentence, StringComparison.Ordinal);
        Assert.Contains(why, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", process.Output, StringComparison.Ordinal);
    }

    private ServiceProcess Process(string program, params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["NewLoom__Storage"] = "PostgreSql",
            ["NewLoom__Clustering"] = "PostgreSql",
            ["NewLoom__AdvertisedAddress"] = "127.0.0.1",
            ["NewLoom__ClusterSecret"] = "s3cret",
            ["ConnectionStrings__NewLoom"] = _database.ConnectionString,
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return new ServiceProcess(all, program: program);
    }
}
