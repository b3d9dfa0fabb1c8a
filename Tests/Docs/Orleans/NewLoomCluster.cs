using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Audit;
using NewLoom.Gateways;
using NewLoom.Grains;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Storage.Sqlite;
using NewLoom.PushStreams;
using NewLoom.Users;
using Orleans.TestingHost;

namespace NewLoom.Tests.Docs.Orleans;

/// <summary>NewLoom's grains on a database file of their own, in the process of the test.</summary>
public sealed class NewLoomCluster : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("newloom-");
    private InProcessTestCluster? _cluster;

    public IGrainFactory Grains => _cluster!.Client;

    public async ValueTask InitializeAsync()
    {
        var database = $"Data Source={Path.Combine(_folder.FullName, "newloom.db")}";
        SqliteMigrations.Apply(database, NullLogger.Instance);
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 1);
        builder.ConfigureSilo((_, silo) => silo
            .AddNewLoomStorage(database)
            .AddNewLoomGrains()
            .AddPushStreams(GatewayStreams.ProviderName));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    /// <summary>Creates users; the service does it over HTTP, with an administrator's token.</summary>
    public Task CreateUsersAsync(params string[] names) => Task.WhenAll(names.Select(name =>
        Grains.GetGrain<IUserGrain>(UserKeys.ForUser(name)).CreateAsync(Actor.Administrator)));

    public async ValueTask DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
