using Microsoft.Extensions.DependencyInjection;
using NewLoom.Audit;
using NewLoom.Grains.Gateways;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Users;
using NewLoom.Streams;
using NewLoom.Tests.Gateways;
using NewLoom.Tests.Storage;
using NewLoom.Tests.Support;
using NewLoom.Users;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace NewLoom.Tests.Streams;

/// <summary>One silo with streams on a real database file, and a clock that the test moves.</summary>
internal sealed class StreamsCluster : IAsyncDisposable
{
    private readonly TestDatabase _database = new();
    private readonly TestStorage _storage;
    private InProcessTestCluster _cluster = null!;

    private StreamsCluster()
    {
        _storage = new TestStorage(_database);
        Store = new FailingStreamStore(_storage.Streams);
        Reminders = new FailingReminderTable(_storage.Reminders);
    }

    public CountedTime Time { get; } = new();

    public ToldGateway Gateway { get; } = new();

    public FailingStreamStore Store { get; }

    public FailingReminderTable Reminders { get; }

    public IGrainFactory Grains => _cluster.Client;

    /// <summary>The silo's services.</summary>
    public IServiceProvider Services => _cluster.GetSiloServiceProvider();

    public static async Task<StreamsCluster> StartAsync()
    {
        var cluster = new StreamsCluster();
        await cluster.DeployAsync();
        return cluster;
    }

    /// <summary>A stream that alice owns and publishes; she and bob may view it.</summary>
    public Task<long> CreateAsync() =>
        Store.CreateAsync("alice", null, "A stream", "alice", [new("alice", true, true), new("bob", true, false)]);

    public Task CreateUserAsync(string name) =>
        Grains.GetGrain<IUserGrain>(UserKeys.ForUser(name))
            .CreateAsync(Actor.Administrator, TestContext.Current.CancellationToken);

    public IStreamRightsGrain RightsOf(IStreamGrain stream) =>
        Grains.GetGrain<IStreamRightsGrain>(stream.GetPrimaryKeyLong());

    /// <summary>The period of the stream's reminder, or null when it has none.</summary>
    public async Task<TimeSpan?> ReminderOfAsync(IStreamGrain stream) =>
        (await Reminders.ReadRow(stream.GetGrainId(), "lease"))?.Period;

    public Task DeactivateAsync(IStreamGrain stream) => _cluster.DeactivateAsync(stream);

    /// <summary>Ends the silo, gracefully or not, and starts another one.</summary>
    public async Task RestartAsync(bool kill)
    {
        if (kill)
        {
            await _cluster.KillSiloAsync(_cluster.Silos[0]);
        }

        await _cluster.DisposeAsync();
        await DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Store.IsBroken = false;
        await _cluster.DisposeAsync();
        await _storage.DisposeAsync();
        _database.Dispose();
    }

    private async Task DeployAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddReminders();
            silo.Services.Configure<ReminderOptions>(o => o.MinimumReminderPeriod = TimeSpan.FromSeconds(5));
            silo.Services.AddSingleton<IReminderTable>(Reminders);
            silo.Services.AddSingleton(_storage.Chats);
            silo.Services.AddSingleton<IStreamStore>(Store);
            silo.Services.AddSingleton(_storage.Audit);
            silo.Services.AddSingleton<StatsWriter>();
            silo.Services.AddHostedService(services => services.GetRequiredService<StatsWriter>());
            silo.Services.AddSingleton<IGatewayPublisher>(Gateway);
            silo.Services.AddSingleton<ITopicWatch, UnwatchedTopics>();
            silo.Services.AddUserGrains();
            silo.Services.AddSingleton<TimeProvider>(Time);
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }
}
