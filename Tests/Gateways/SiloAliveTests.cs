using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Gateways;
using NewLoom.Grains;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Storage.Sqlite;
using NewLoom.PushStreams;
using NewLoom.Tests.Storage;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.TestingHost;

namespace NewLoom.Tests.Gateways;

/// <summary>A silo with everything, and a gateway that only listens.</summary>
public sealed class SiloAliveTests : IAsyncLifetime
{
    private const string GatewayId = "g1";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly TempFolder _folder = new();
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        SqliteMigrations.Apply(_folder.ConnectionString, NullLogger.Instance);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo
            .AddNewLoomStorage(_folder.ConnectionString)
            .AddNewLoomGrains()
            .AddPushStreams(GatewayStreams.ProviderName));
        builder.ConfigureClient(client => client.AddPushStreams(GatewayStreams.ProviderName));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task LiveGateway_IsToldAgainAndAgainThatTheSiloIsAlive()
    {
        var heard = Channel.CreateBounded<GatewayEvent>(100);
        await _cluster.Client.GetStreamProvider(GatewayStreams.ProviderName)
            .GetStream<GatewayEvent>(StreamId.Create(GatewayStreams.Namespace, GatewayId))
            .SubscribeAsync((item, _) => heard.Writer.WriteAsync(item, _ct).AsTask());
        var door = _cluster.Client.GetGrain<ISiloDoorGrain>(0);
        var renewal = await door.RenewAsync(GatewayId, _ct);
        var silo = _cluster.Silos[0].SiloAddress;

        Assert.False(renewal.WasLive);
        Assert.Equal([silo], renewal.Silos);
        Assert.True((await door.RenewAsync(GatewayId, _ct)).WasLive);
        for (var i = 0; i < 2; i++)
        {
            var told = await heard.Reader.ReadAsync(_ct).AsTask().WaitAsync(Limit, _ct);
            Assert.Equal(new SiloAlive { Silo = silo }, told);
        }
    }
}
