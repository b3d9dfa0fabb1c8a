using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Hosting;
using NewLoom.Tests.Storage;
using NewLoom.Tests.Support;
using Npgsql;

namespace NewLoom.Tests.Cluster;

/// <summary>A process that does not belong to a cluster is told why, before it does anything.</summary>
public sealed class ClusterRegisterTests : IClassFixture<PostgreSqlFixture>, IAsyncDisposable
{
    private readonly TestDatabase _database = new(isFile: false);
    private readonly NpgsqlDataSource _source;

    public ClusterRegisterTests() => _source = NpgsqlDataSource.Create(_database.ConnectionString);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _database.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("s3cret")]
    public async Task Members_ThatHaveAllInCommon_MayJoin(string? secret)
    {
        await Register("newloom", secret).JoinAsync(Ct);
        await Register("newloom", secret).JoinAsync(Ct);
        await Register("newloom", secret).CheckAsync(Ct);
        await Register("other", "another", "another-cluster").JoinAsync(Ct);
    }

    [Theory]
    [InlineData("other", "s3cret", "NewLoom:ServiceId is 'other', but the cluster blue in")]
    [InlineData("newloom", "wr0ng", "NewLoom:ClusterSecret is not the one that the others have in the cluster blue in")]
    [InlineData("newloom", null, "NewLoom:ClusterSecret is missing, but the others have one")]
    public async Task Stranger_IsRefused(string serviceId, string? secret, string why)
    {
        await Register("newloom", "s3cret").JoinAsync(Ct);

        await AssertRefusedAsync(Register(serviceId, secret), why);
    }

    [Fact]
    public async Task SecretWhereTheOthersHaveNone_IsRefused()
    {
        await Register("newloom", null).JoinAsync(Ct);

        await AssertRefusedAsync(Register("newloom", "s3cret"), "is set, but the others have none");
    }

    [Fact]
    public async Task GatewayOfAnOlderVersion_IsRefused()
    {
        await Register("newloom", null).JoinAsync(Ct);
        _database.Execute("INSERT INTO schema_versions (scriptname, applied) VALUES ('PostgreSql/9999_x.sql', now())");

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => Register("newloom", null).CheckAsync(Ct));
        Assert.Contains("newer version", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateway_WaitsForTheFirstSilo()
    {
        var (time, logger) = (new ArmedTime(), new LineLogger<ClusterRegister>());
        var checking = new ClusterRegister(_source, Settings("newloom", null, "blue"), time, logger).CheckAsync(Ct);
        Assert.Contains("No silo", await logger.NextAsync(Ct), StringComparison.Ordinal);
        await time.WaitForTimersAsync(1, Ct);
        Assert.False(checking.IsCompleted);

        await Register("newloom", null).JoinAsync(Ct);
        time.Advance(TimeSpan.FromSeconds(3));
        await checking;
    }

    private static async Task AssertRefusedAsync(ClusterRegister stranger, string why)
    {
        foreach (var call in new[] { stranger.JoinAsync, (Func<CancellationToken, Task>)stranger.CheckAsync })
        {
            var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => call(Ct));
            Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }

    private static ClusterSettings Settings(string serviceId, string? secret, string clusterId) => new()
    {
        Clustering = ClusteringKind.PostgreSql,
        ClusterId = clusterId,
        ServiceId = serviceId,
        Secret = secret,
        OrleansGatewayPort = 30_000,
        Database = null,
    };

    private ClusterRegister Register(string serviceId, string? secret, string clusterId = "blue") =>
        new(_source, Settings(serviceId, secret, clusterId), TimeProvider.System, NullLogger.Instance);
}
