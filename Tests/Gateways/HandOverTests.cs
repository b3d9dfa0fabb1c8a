using Microsoft.Extensions.DependencyInjection;
using NewLoom.Audit;
using NewLoom.Chats;
using NewLoom.Gateways;
using NewLoom.Grains.Gateways;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Users;
using NewLoom.Streams;
using NewLoom.Tests.Storage;
using NewLoom.Tests.Support;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Orleans.TestingHost;

namespace NewLoom.Tests.Gateways;

/// <summary>Two silos, one of which stops.</summary>
public sealed class HandOverTests : IAsyncLifetime
{
    private const int TopicCount = 20;    // of each kind

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ToldGateway _gateway = new();
    private readonly TestDatabase _database = new();
    private TestStorage _storage = null!;
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _storage = new TestStorage(_database);
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddReminders();
            silo.Services.AddSingleton(_storage.Reminders);
            silo.Services.AddSingleton(_storage.Log);
            silo.Services.AddSingleton(_storage.Chats);
            silo.Services.AddSingleton(_storage.Streams);
            silo.Services.AddSingleton<StatsWriter>();
            silo.Services.AddHostedService(services => services.GetRequiredService<StatsWriter>());
            silo.Services.AddSingleton<IGatewayPublisher>(_gateway);
            silo.Services.AddSingleton<ITopicWatch, UnwatchedTopics>();
            silo.Services.AddUserGrains();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _storage.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task StoppingSilo_LetsTopicsThatAreListenedToGoOnElsewhere_AndTellsTheirListeners()
    {
        var topics = new List<GrainId>();
        for (var i = 0; i < TopicCount; i++)
        {
            Place(i);
            var chatId = await _storage.Chats.CreateAsync(Actor.System, null, $"chat {i}", "alice", []);
            var chat = _cluster.Client.GetGrain<IChatAudienceGrain>(chatId);
            Assert.NotNull((await chat.JoinAsync("g1", "alice", _ct)).Chat);
            var streamId = await _storage.Streams.CreateAsync(
                "alice", null, $"stream {i}", "alice", [new("alice", true, true)]);
            var stream = _cluster.Client.GetGrain<IStreamAudienceGrain>(streamId);
            await stream.JoinAsync("g1", "alice", _ct);
            topics.AddRange([chat.GetGrainId(), stream.GetGrainId()]);
        }

        var unheard = new List<GrainId>();
        for (var i = 0; i < TopicCount; i++)
        {
            Place(i);
            var chat = _cluster.Client.GetGrain<IChatGrain>(
                await _storage.Chats.CreateAsync(Actor.System, null, $"unheard chat {i}", "alice", []));
            var members = _cluster.Client.GetGrain<IChatMembersGrain>(chat.GetPrimaryKeyLong(), "NewLoom.Grains.");
            Assert.NotNull(await members.GetAsync("alice", _ct));
            unheard.Add(chat.GetGrainId());
        }

        RequestContext.Clear();
        var (stopping, staying) = (_cluster.Silos[1], _cluster.Silos[0].SiloAddress);
        var moving = (await PlacesAsync(topics)).Where(place => place.Value == stopping.SiloAddress).ToList();
        var ending = (await PlacesAsync(unheard)).Where(place => place.Value == stopping.SiloAddress).ToList();
        Assert.Equal((TopicCount, TopicCount / 2), (moving.Count, ending.Count));
        Assert.Empty(_gateway.TakeAll());

        await _cluster.StopSiloAsync(stopping, _ct);

        var places = await PlacesAsync(topics);
        Assert.Equal(topics.Order(), places.Keys.Order());
        Assert.All(places.Values, place => Assert.Equal(staying, place));
        Assert.Empty((await PlacesAsync(unheard)).Keys.Intersect(ending.Select(place => place.Key)));
        Assert.Equal(
            moving.Select(topic => topic.Key.Key.ToString()).Order(),
            _gateway.TakeAll().Select(Ended).Order());
    }

    /// <summary>Lets a topic that is called next become active on one silo or the other.</summary>
    private void Place(int number) => RequestContext.Set(
        IPlacementDirector.PlacementHintKey, _cluster.Silos[number % _cluster.Silos.Count].SiloAddress);

    private static string? Ended(GatewayEvent told) => told switch
    {
        ChatActivationEnded chat => GrainIdKeyExtensions.CreateIntegerKey(chat.TopicId).ToString(),
        StreamActivationEnded stream => GrainIdKeyExtensions.CreateIntegerKey(stream.TopicId).ToString(),
        _ => told.ToString(),
    };

    /// <summary>Where which of the topics is active: no call makes it so.</summary>
    private async Task<Dictionary<GrainId, SiloAddress>> PlacesAsync(List<GrainId> topics)
    {
        var all = await _cluster.Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return all.Where(active => topics.Contains(active.GrainId))
            .ToDictionary(active => active.GrainId, active => active.SiloAddress);
    }
}
