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

/// <summary>A gateway that hears nothing from its cluster's streams, though grains answer it.</summary>
public sealed class SilenceWatchTests : IClassFixture<NewLoomCluster>, IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ArmedTime _time = new();
    private readonly WireRecorder _wire = new("alice");
    private readonly IGrainFactory _grains;
    private readonly FeedRepair _repair;
    private readonly ChatAudience _chats;
    private readonly HeardSilos _heard;
    private readonly SilenceWatch _watch;

    public SilenceWatchTests(NewLoomCluster cluster)
    {
        _grains = cluster.Grains;
        var (gateway, registry) = (new GatewayIdentity(), new SocketRegistry());
        var metrics = ActivatorUtilities.CreateInstance<GatewayMetrics>(_meters, TimeProvider.System);
        _repair = new FeedRepair(
            new DoorCalls(_grains, TimeProvider.System), gateway, TimeProvider.System, NullLogger<FeedRepair>.Instance);
        _chats = new ChatAudience(_grains, gateway, _repair, metrics, NullLogger<ChatAudience>.Instance);
        var streams = new StreamAudience(_grains, gateway, _repair, metrics, NullLogger<StreamAudience>.Instance);
        var credentials = new CredentialWatch(
            registry, new EndedCredentials(_time), new CredentialChecks([]), _time,
            NullLogger<CredentialWatch>.Instance);
        var news = new UserNews(
            registry, _chats, credentials, new TopicJoins(registry, NullLogger<TopicJoins>.Instance));
        _heard = new HeardSilos(_time);
        _watch = new SilenceWatch(
            _grains, gateway, _heard, _chats, streams, news, _time, NullLogger<SilenceWatch>.Instance);
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
        var user = UserKeys.ForUser("alice");
        await _grains.GetGrain<IUserGrain>(user).CreateAsync(Actor.Administrator, _ct);
        var chatId = (await _grains.GetGrain<IUserChatsGrain>(user).CreateAsync("A chat", [], _ct)).ChatId;
        await new ChatSubscriber(_grains, _chats)
            .SubscribeAsync(_wire.Socket, new ChatCursor(chatId, AfterSeq: null), requestId: null);
        await _grains.GetGrain<IChatGrain>(chatId)
            .SendAsync(new MessageDraft { User = "alice", Content = "unheard" }, _ct);
        _heard.Expect([SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1)]);
        await _watch.StartAsync(_ct);

        for (var looks = 0; looks < 2; looks++)
        {
            Assert.Empty(_wire.Seqs);
            await _time.WaitForTimersAsync(1, _ct);
            _time.Advance(TimeSpan.FromSeconds(3));
        }

        await Task.Run(() => SpinWait.SpinUntil(() => _chats.Find(chatId)!.LastSeq == 1, Limit), _ct);
        Assert.Equal([1], _wire.Seqs);
    }
}
