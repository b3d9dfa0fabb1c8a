using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NewLoom.Grains.Gateways;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Users;
using NewLoom.Tests.Storage;
using Orleans.TestingHost;

namespace NewLoom.Tests.Users;

/// <summary>One silo with the user grains on fakes; each test takes users of its own.</summary>
public sealed class UsersCluster : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    internal FakeChatStore Store { get; } = new();

    internal FakePublisher Publisher { get; } = new();

    public IGrainFactory Grains => Cluster.Client;

    internal InProcessTestCluster Cluster => _cluster ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _cluster = await StartAsync(Store, Publisher, null);

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    /// <summary>A cluster of its own, for a test that moves the grains' clock.</summary>
    internal static async Task<InProcessTestCluster> StartAsync(
        FakeChatStore store, FakePublisher publisher, FakeTimeProvider? time)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.Services.AddSingleton<IChatStore>(store);
            silo.Services.AddSingleton(_ => new OwnStorage());
            silo.Services.AddSingleton(services => services.GetRequiredService<OwnStorage>().Streams);
            silo.Services.AddSingleton(services => services.GetRequiredService<OwnStorage>().Audit);
            silo.Services.AddSingleton<IGatewayPublisher>(publisher);
            if (time is not null)
            {
                silo.Services.AddSingleton<TimeProvider>(time);
                silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            }

            silo.Services.AddUserGrains();
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
