using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using NewLoom.Audit;
using NewLoom.Users;
using Orleans.TestingHost;

namespace NewLoom.Tests.Users;

/// <summary>Each test moves the clock, so each has its cluster.</summary>
public sealed class UserSocketsGrainTests : IAsyncLifetime
{
    private const string User = "alice";

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly FakeChatStore _store = new();
    private readonly FakePublisher _publisher = new();
    private InProcessTestCluster? _cluster;

    private IUserSocketsGrain Sockets => _cluster!.Client.GetGrain<IUserSocketsGrain>(UserKeys.ForUser(User));

    public async ValueTask InitializeAsync() => _cluster = await UsersCluster.StartAsync(_store, _publisher, _time);

    public async ValueTask DisposeAsync() => await _cluster!.DisposeAsync();

    [Fact]
    public async Task Presence_ChangesOnce_WhenTheFirstSocketOpensAndTheLastOneCloses()
    {
        var chatId = await _store.CreateAsync(Actor.System, null, "c", User, []);
        await Sockets.OpenAsync("g1", "a", _ct);
        await Sockets.OpenAsync("g2", "b", _ct);
        foreach (var gatewayId in _publisher.LiveGateways)
        {
            var online = Assert.IsType<PresenceChanged>(await _publisher.NextAsync(gatewayId, _ct));
            Assert.True(online is { User: User, IsOnline: true, LastSeen: null });
            Assert.Equal([chatId], online.ChatIds);
        }

        await Sockets.CloseAsync("g1", "a", _ct);
        await Sockets.CloseAsync("g2", "b", _ct);
        var closedAt = _time.GetUtcNow();
        Assert.Equal(0, _publisher.Waiting("g1"));

        _time.Advance(TimeSpan.FromSeconds(5));
        var offline = Assert.IsType<PresenceChanged>(await _publisher.NextAsync("g1", _ct));
        Assert.False(offline.IsOnline);
        Assert.Equal(closedAt, offline.LastSeen);
    }

    [Fact]
    public async Task Presence_StaysOnline_WhenTheUserIsBackWithinTheGrace()
    {
        await _store.CreateAsync(Actor.System, null, "c", User, []);
        await Sockets.OpenAsync("g1", "a", _ct);
        await _publisher.NextAsync("g1", _ct);
        await Sockets.CloseAsync("g1", "a", _ct);
        _time.Advance(TimeSpan.FromSeconds(4));
        await Sockets.OpenAsync("g1", "b", _ct);
        _time.Advance(TimeSpan.FromSeconds(60));
        await Sockets.ChatRemovedAsync(1, _ct);
        Assert.IsType<ChatRemoved>(await _publisher.NextAsync("g1", _ct));    // and no presence before it
    }

    [Fact]
    public async Task Presence_IsToldToNobody_WhenTheUserHasNoChat()
    {
        await Sockets.OpenAsync("g1", "a", _ct);
        await Sockets.ChatAddedAsync(7, "seven", seq: 5, _ct);
        Assert.Equal(
            new ChatAdded { User = User, ChatId = 7, Name = "seven", Seq = 5 },
            Assert.IsType<ChatAdded>(await _publisher.NextAsync("g1", _ct)));
    }

    [Fact]
    public async Task News_GoToEveryLiveGateway_AsANewActivationKnowsNoSockets()
    {
        await Sockets.ChatAddedAsync(7, "seven", seq: 5, _ct);
        await Sockets.StreamAddedAsync(8, _ct);
        await Sockets.ChatRemovedAsync(7, _ct);
        foreach (var gatewayId in _publisher.LiveGateways)
        {
            Assert.IsType<ChatAdded>(await _publisher.NextAsync(gatewayId, _ct));
            Assert.IsType<StreamAdded>(await _publisher.NextAsync(gatewayId, _ct));
            Assert.IsType<ChatRemoved>(await _publisher.NextAsync(gatewayId, _ct));
        }
    }

    [Fact]
    public async Task User_GoesOffline_WhenItsGatewayIsGone()
    {
        await _store.CreateAsync(Actor.System, null, "c", User, []);
        await Sockets.OpenAsync("g2", "a", _ct);
        Assert.True(Assert.IsType<PresenceChanged>(await _publisher.NextAsync("g1", _ct)).IsOnline);
        _publisher.LiveGateways = ["g1"];

        // Two looks find it missing for too long; then the grace runs. Calls in between let the timers' turns pass.
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            await Sockets.TakeAsync(1, TimeSpan.Zero, _ct);
        }

        Assert.False(Assert.IsType<PresenceChanged>(await _publisher.NextAsync("g1", _ct)).IsOnline);
    }

    [Fact]
    public async Task Socket_IsRefused_WhenTheUserHasTwenty()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.True(await Sockets.OpenAsync($"g{i % 2}", $"c{i}", _ct));
        }

        Assert.False(await Sockets.OpenAsync("g1", "one more", _ct));
        await Sockets.CloseAsync("g1", "c1", _ct);
        Assert.True(await Sockets.OpenAsync("g1", "one more", _ct));
    }

    [Fact]
    public async Task Rate_IsOneForAllGateways()
    {
        var clock = Stopwatch.StartNew();
        var total = 0;
        while (await Sockets.TakeAsync(MessageAllowance.ChunkCount, TimeSpan.Zero, _ct) is { Count: > 0 } allowance)
        {
            total += allowance.Count;
        }

        Assert.InRange(total, 40, 40 + (int)(20 * clock.Elapsed.TotalSeconds));
    }
}
