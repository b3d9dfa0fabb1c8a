using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Chats;
using NewLoom.Gateway;
using NewLoom.Gateway.Audience;
using NewLoom.Gateway.Chats;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Telemetry;
using NewLoom.Tests.Docs.Orleans;
using NewLoom.Tests.Support;
using NewLoom.Users;

namespace NewLoom.Tests.Audience;

/// <summary>A socket that subscribes again at a gateway that has not heard what happened since: no events come
/// here.</summary>
public sealed class ChatSubscriberTests : IClassFixture<NewLoomCluster>, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly NewLoomCluster _cluster;
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FeedRepair _repair;
    private readonly ChatAudience _audience;
    private readonly ChatSubscriber _lagging;
    private readonly ChatSubscriber _subscriber;
    private readonly WireRecorder _wire = new("bob");

    public ChatSubscriberTests(NewLoomCluster cluster)
    {
        _cluster = cluster;
        var gateway = new GatewayIdentity();
        var metrics = ActivatorUtilities.CreateInstance<GatewayMetrics>(_meters, TimeProvider.System);
        _repair = new FeedRepair(
            DoorCallsTests.Over(cluster.Grains, TimeProvider.System), gateway, TimeProvider.System,
            NullLogger<FeedRepair>.Instance);
        _audience = new ChatAudience(
            LaggingChats.On(cluster.Grains), gateway, _repair, metrics, NullLogger<ChatAudience>.Instance);
        _lagging = new ChatSubscriber(cluster.Grains, _audience);
        _subscriber = new ChatSubscriber(
            cluster.Grains,
            new ChatAudience(cluster.Grains, gateway, _repair, metrics, NullLogger<ChatAudience>.Instance));
    }

    public void Dispose()
    {
        _repair.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task Subscribed_HoldsTheChatsLastSeq_NotWhatTheGatewayHasHeard()
    {
        var chatId = await OpenAsync();
        await _cluster.Grains.GetGrain<IChatGrain>(chatId)
            .SendAsync(new MessageDraft { User = "alice", Content = "unheard" }, _ct);

        Assert.True(await SubscribeAsync(chatId));

        Assert.Equal([0, 1], _wire.Frames.Select(frame => frame.Get<long>("seq")));
    }

    [Fact]
    public async Task FormerMember_IsRefused_ThoughTheGatewayHasNotHeardOfTheRemoval()
    {
        var chatId = await OpenAsync();
        await _cluster.Grains.GetGrain<IChatMembersGrain>(chatId, "NewLoom.Grains.")    // there is a false one too
            .RemoveAsync("alice", "bob", _ct);

        Assert.False(await SubscribeAsync(chatId));

        Assert.Single(_wire.Frames);
    }

    /// <summary>While the network is cut, a chat may be active twice.</summary>
    [Theory]
    [InlineData(3, 3, new long[] { 4 })]
    [InlineData(2, 2, new long[] { 3, 4 })]
    [InlineData(99, 1, new long[] { 2, 3, 4 })]    // a place that the log does not have is no place
    public async Task Resumed_GetsNothingTwice_WhenTheActivationThatAnswersLagsBehind(
        long afterSeq, long subscribedAt, long[] expected)
    {
        var chatId = await OpenAsync();
        await SayAsync(chatId, 3);
        var resumed = new WireRecorder("bob");
        await _lagging.SubscribeAsync(resumed.Socket, new ChatCursor(chatId, afterSeq), requestId: null);
        Assert.Equal(subscribedAt, resumed.Frames[0].Get<long>("seq"));
        var feed = _audience.Find(chatId)!;

        feed.Repair();    // the gateway hears of the other activation
        await feed.Repaired.WaitAsync(Limit, _ct);
        await SayAsync(chatId, 1);
        feed.Repair();
        await feed.Repaired.WaitAsync(Limit, _ct);

        Assert.Equal(expected, resumed.Seqs);
    }

    private async Task SayAsync(long chatId, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _cluster.Grains.GetGrain<IChatGrain>(chatId)
                .SendAsync(new MessageDraft { User = "alice", Content = "hello" }, _ct);
        }
    }

    private async Task<long> OpenAsync()
    {
        await _cluster.CreateUsersAsync("alice", "bob");
        var created = await _cluster.Grains.GetGrain<IUserChatsGrain>(UserKeys.ForUser("alice"))
            .CreateAsync("A chat", ["bob"], _ct);
        Assert.True(await SubscribeAsync(created.ChatId));
        return created.ChatId;
    }

    private Task<bool> SubscribeAsync(long chatId) =>
        _subscriber.SubscribeAsync(_wire.Socket, new ChatCursor(chatId, AfterSeq: null), requestId: null);
}
