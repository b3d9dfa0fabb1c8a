using Microsoft.Extensions.DependencyInjection;
using NewLoom.PushStreams;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace NewLoom.Tests.PushStreams;

/// <summary>Two silos and a client with one push stream provider.</summary>
public sealed class PushCluster : IAsyncLifetime
{
    public const string Provider = "push";
    public const int BacklogCount = 8_000;

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly StopHook _stopping = new();

    public PushCluster() => Cluster = Build(_stopping);

    public InProcessTestCluster Cluster { get; }

    /// <summary>What to do when a silo that stops has come to the point where it drains its queue.</summary>
    public Action WhenDraining
    {
        set => _stopping.Draining = value;
    }

    /// <summary>What to do when a silo that stops has drained its queue.</summary>
    public Action WhenDrained
    {
        set => _stopping.Drained = value;
    }

    public IClusterClient Client => Cluster.Client;

    public async ValueTask InitializeAsync() => await Cluster.DeployAsync();

    public async ValueTask DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>The client that lives inside a silo.</summary>
    public IClusterClient HostedClient(int silo) => Services(silo).GetRequiredService<IClusterClient>();

    internal PushQueues Queues(int silo) => Services(silo).GetRequiredKeyedService<PushQueues>(Provider);

    /// <summary>A grain of its own on the silo.</summary>
    public IPublisherGrain Publisher(int silo) => HostedClient(silo).GetGrain<IPublisherGrain>(Guid.NewGuid());

    private IServiceProvider Services(int silo) => Cluster.Silos[silo].ServiceProvider;

    private static InProcessTestCluster Build(StopHook stopping)
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddPushStreams(Provider, options =>
            {
                options.BacklogCount = BacklogCount;
                options.AnswerLimit = TimeSpan.FromMinutes(1);    // subscribers are held back here
                options.IdleLimit = TimeSpan.FromMinutes(10);    // so nothing here depends on it
            });
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(stopping);
            silo.Configure<SiloMessagingOptions>(options =>
            {
                options.ClientDropTimeout = TimeSpan.FromSeconds(1);
                options.ClientRegistrationRefresh = TimeSpan.FromSeconds(1);    // silos tell each other who is gone
                options.ResponseTimeout = TimeSpan.FromSeconds(5);    // how long a delivery to a dead client hangs
            });
        });
        builder.ConfigureClient(client => client.AddPushStreams(Provider));
        return builder.Build();
    }

    private sealed class StopHook : ILifecycleParticipant<ISiloLifecycle>
    {
        public Action Draining { get; set; } = () => { };

        public Action Drained { get; set; } = () => { };

        public void Participate(ISiloLifecycle lifecycle)
        {
            OnStop(QueueDrain.Stage, () => Draining());
            OnStop(QueueDrain.Stage - 1, () => Drained());

            void OnStop(int stage, Action act) => lifecycle.Subscribe(
                nameof(StopHook),
                stage,
                static _ => Task.CompletedTask,
                _ =>
                {
                    act();
                    return Task.CompletedTask;
                });
        }
    }
}

[CollectionDefinition(nameof(PushCluster))]
public sealed class PushClusterGroup : ICollectionFixture<PushCluster>;

[GenerateSerializer, Immutable, Alias("test.push.event")]
public abstract record PushEvent;

[GenerateSerializer, Immutable, Alias("test.push.numbered")]
public sealed record Numbered : PushEvent
{
    [Id(0)] public required int Number { get; init; }
}

[Alias("test.push.publisher")]
public interface IPublisherGrain : IGrainWithGuidKey
{
    /// <summary>Publishes that many numbers, one by one, from the first on.</summary>
    [Alias("publish")]
    Task PublishAsync(StreamId stream, int first, int count);
}

[Orleans.Placement.PreferLocalPlacement]
public sealed class PublisherGrain : Grain, IPublisherGrain
{
    public async Task PublishAsync(StreamId stream, int first, int count)
    {
        var events = this.GetStreamProvider(PushCluster.Provider).GetStream<PushEvent>(stream);
        for (var i = 0; i < count; i++)
        {
            await events.OnNextAsync(new Numbered { Number = first + i });
        }
    }
}
