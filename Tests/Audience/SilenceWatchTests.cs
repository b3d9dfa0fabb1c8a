using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Audit;
using NewLoom.Chats;
using NewLoom.Gateway;
using NewLoom.Gateway.Audience;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Chats;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Gateway.Streams;
using NewLoom.Gateway.Telemetry;
using NewLoom.Gateways;
using NewLoom.Tests.Docs.Orleans;
using NewLoom.Tests.Support;
using NewLoom.Users;
using Orleans.Runtime;

namespace NewLoom.Tests.Audience;

/// <summary>A gateway that does not hear a silo, though grains answer it. No events come here.</summary>
public sealed class SilenceWatchTests : IClassFixture<NewLoomCluster>, IAsyncDisposable
{
    private const int SiloCount = 3;
    private static readonly SiloAddress Silo = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ArmedTime _time = new();
    private readonly WireRecorder _wire = new("alice");
    private readonly IGrainFactory _grains;
    private readonly WatchedDoors _doors;
    private readonly ClusterConnection _connection =
        new(TimeProvider.System, NullLogger<ClusterConnection>.Instance);
    private readonly FeedRepair _repair;
    private readonly ChatAudience _chats;
    private readonly HeardSilos _heard;
    private readonly SilenceWatch _watch;

    public SilenceWatchTests(NewLoomCluster cluster)
    {
        (_grains, _doors) = WatchedDoors.Of(cluster.Grains);
        _connection.NotifyGatewayCountChanged(SiloCount, 0, connectionRecovered: false);
        var (gateway, registry) = (new GatewayIdentity(), new SocketRegistry());
        var metrics = ActivatorUtilities.CreateInstance<GatewayMetrics>(_meters, TimeProvider.System);
        var doors = new DoorCalls(_grains, _connection, TimeProvider.System);
        _repair = new FeedRepair(doors, gateway, TimeProvider.System, NullLogger<FeedRepair>.Instance);
        _chats = new ChatAudience(_grains, gateway, _repair, metrics, NullLogger<ChatAudience>.Instance);
        var streams = new StreamAudience(_grains, gateway, _repair, metrics, NullLogger<StreamAudience>.Instance);
        var credentials = new CredentialWatch(
            registry, new EndedCredentials(_time), new CredentialChecks([]), _time,
            NullLogger<CredentialWatch>.Instance);
        var news = new UserNews(
            registry, _chats, credentials, new TopicJoins(registry, NullLogger<TopicJoins>.Instance));
        _heard = new HeardSilos(_time);
        _watch = new SilenceWatch(
            _connection, _heard, new TopicCheck(doors, gateway, NullLogger<TopicCheck>.Instance), _chats, streams, news,
            _time, NullLogger<SilenceWatch>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None);
        _watch.Dispose();
        _repair.Dispose();
        await _meters.DisposeAsync();
    }

    [Fact]
    public async Task MissedMessage_IsPassedOn_WhenASiloIsNotHeard()
    {
        var feed = await SubscribeAsync();
        await SayAsync(feed.TopicId);
        await StartAsync();
        Assert.Empty(_wire.Seqs);

        await FallSilentAsync();

        await feed.Repaired.WaitAsync(Limit, _ct);
        Assert.Equal([1], _wire.Seqs);
    }

    [Fact]
    public async Task Topic_IsAskedAndNotRepaired_WhenNothingWasMissed()
    {
        var feed = await SubscribeAsync();
        var repaired = feed.Repaired;
        await StartAsync();

        await FallSilentAsync();

        Assert.Equal([1], _doors.TakeAsked());
        Assert.Same(repaired, feed.Repaired);
    }

    [Fact]
    public async Task Nobody_IsAsked_WhileAllSilosAreHeard()
    {
        await SubscribeAsync();
        await StartAsync();
        for (var looks = 0; looks < 10; looks++)
        {
            _heard.Hear(new SiloAlive { Silo = Silo });
            await PassAsync(Look);
        }

        Assert.Empty(_doors.TakeAsked());
    }

    [Fact]
    public async Task Nobody_IsAsked_WhileNoSiloIsConnected()
    {
        await SubscribeAsync();
        await StartAsync();
        _connection.NotifyClusterConnectionLost();
        await FallSilentAsync();
        Assert.Empty(_doors.TakeAsked());
    }

    [Fact]
    public async Task Topics_AreAskedUntilTheSilenceEnds_AndOnceMore()
    {
        await SubscribeAsync();
        await StartAsync();
        await FallSilentAsync();
        await PassAsync(Round);
        Assert.Equal([1, 1], _doors.TakeAsked());

        _heard.Expect([]);
        await PassAsync(Round);
        Assert.Equal([1], _doors.TakeAsked());
        await PassAsync(Look);
        Assert.Empty(_doors.TakeAsked());
    }

    [Fact]
    public async Task Topic_IsAskedOverAllDoors_WhenOneGetsNoAnswer()
    {
        var feed = await SubscribeAsync();
        await SayAsync(feed.TopicId);
        await StartAsync();
        _doors.CutCount = 3;    // one, and two of the three that are asked at once

        await FallSilentAsync();

        Assert.Equal([1, 1, 1, 1], _doors.TakeAsked());
        await feed.Repaired.WaitAsync(Limit, _ct);
        Assert.Equal([1], _wire.Seqs);
    }

    [Fact]
    public async Task Topic_IsAskedAfterTheSilence_UntilItAnswers()
    {
        var feed = await SubscribeAsync();
        await SayAsync(feed.TopicId);
        await StartAsync();
        _doors.CutCount = 12;    // three rounds of one, and of all three
        await FallSilentAsync();
        _heard.Expect([]);
        await PassAsync(Round);
        await PassAsync(Round);
        Assert.Equal(12, _doors.TakeAsked().Length);
        Assert.Empty(_wire.Seqs);

        await PassAsync(Round);

        await feed.Repaired.WaitAsync(Limit, _ct);
        Assert.Equal([1], _wire.Seqs);
        await PassAsync(Look);
        Assert.Equal([1], _doors.TakeAsked());
    }

    private async Task<TopicFeed> SubscribeAsync()
    {
        var user = UserKeys.ForUser("alice");
        await _grains.GetGrain<IUserGrain>(user).CreateAsync(Actor.Administrator, _ct);
        var chatId = (await _grains.GetGrain<IUserChatsGrain>(user).CreateAsync("A chat", [], _ct)).ChatId;
        await new ChatSubscriber(_grains, _chats)
            .SubscribeAsync(_wire.Socket, new ChatCursor(chatId, AfterSeq: null), requestId: null);
        return _chats.Find(chatId)!;
    }

    private Task<SendResult> SayAsync(long chatId) => _grains.GetGrain<IChatGrain>(chatId)
        .SendAsync(new MessageDraft { User = "alice", Content = "unheard" }, _ct);

    private async Task StartAsync()
    {
        _heard.Expect([Silo]);
        await _watch.StartAsync(_ct);
        await _time.WaitForTimersAsync(1, _ct);
    }

    /// <summary>Lets the silo say nothing until topics have been asked for the first time.</summary>
    private async Task FallSilentAsync()
    {
        for (var looks = 0; looks < 6; looks++)
        {
            await PassAsync(Look);
        }
    }

    /// <summary>Lets time pass until the next look, and waits for its end.</summary>
    private async Task PassAsync(TimeSpan pause)
    {
        _time.Advance(pause);
        await _time.WaitForTimersAsync(1, _ct);
    }
}
