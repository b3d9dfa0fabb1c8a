using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using NewLoom.Gateway.Cluster;
using NewLoom.Tests.Support;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace NewLoom.Tests.Cluster;

/// <summary>The limit on unacknowledged data, on the sockets that Orleans makes. That a cut connection ends by it is
/// shown by <c>Bench chaos</c>.</summary>
public sealed class UnacknowledgedDataTests
{
    private static readonly ConcurrentQueue<bool> WereSet = new();

    [Fact]
    public async Task Limit_IsSet_OnConnectionsOfSilosAndClients()
    {
        Requirement.Demand(OperatingSystem.IsLinux(), "Linux");
        var builder = new TestClusterBuilder(initialSilosCount: 2);
        builder.Options.ConnectionTransport = ConnectionTransportType.TcpSocket;
        builder.AddSiloBuilderConfigurator<Silo>();
        builder.AddClientBuilderConfigurator<Client>();
        await using var cluster = builder.Build();
        await cluster.DeployAsync(TestContext.Current.CancellationToken);

        Assert.True(WereSet.Count >= 4, $"{WereSet.Count} connections");
        Assert.DoesNotContain(false, WereSet);
    }

    private static void Try(IConnectionBuilder connections) => connections.Use(next => connection =>
    {
        WereSet.Enqueue(UnacknowledgedData.TrySet(connection, TimeSpan.FromSeconds(5)));
        return next(connection);
    });

    private sealed class Silo : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) =>
            siloBuilder.Services.Configure<SiloConnectionOptions>(connections =>
            {
                connections.ConfigureGatewayInboundConnection(Try);
                connections.ConfigureSiloInboundConnection(Try);
                connections.ConfigureSiloOutboundConnection(Try);
            });
    }

    private sealed class Client : IClientBuilderConfigurator
    {
        public void Configure(
            Microsoft.Extensions.Configuration.IConfiguration configuration, IClientBuilder clientBuilder) =>
            clientBuilder.Services.Configure<ClientConnectionOptions>(
                connections => connections.ConfigureConnection(Try));
    }
}
