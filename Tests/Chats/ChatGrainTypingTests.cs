using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NewLoom.Audit;
using NewLoom.Chats;
using NewLoom.Grains.Gateways;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Users;
using NewLoom.Tests.Gateways;
using NewLoom.Tests.Storage;
using NewLoom.Tests.Support;
using Orleans.TestingHost;

namespace NewLoom.Tests.Chats;

/// <summary>Moves the grains' clock, so it has a cluster of its own.</summary>
public sealed class ChatGrainTypingTests : IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly ToldGateway _gateway = new();
    private readonly TestDatabase _database = new();
    private TestStorage? _storage;
    private InProcessTestCluster? _cluster;
    private IChatGrain? _chat;

    public async ValueTask InitializeAsync()
    {
        _storage = new TestStorage(_database);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.Services.AddSingleton(_storage.Log);
            silo.Services.AddSingleton(_storage.Chats);
            silo.Services.AddSingleton(_storage.Streams);
            silo.Services.AddSingleton<IGatewayPublisher>(_gateway);
            silo.Services.AddSingleton<ITopicWatch, UnwatchedTopics>();
            silo.Services.AddUserGrains();
            silo.Services.AddSingleton<TimeProvider>(_time);
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        _chat = _cluster.Client.GetGrain<IChatGrain>(
            await _storage.Chats.CreateAsync(Actor.System, null, "A chat", "alice", ["bob"]));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        await _storage!.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task Typing_Ends_TenSecondsAfterTheLastWord()
    {
        await TypeAsync("alice");
        _time.Advance(TimeSpan.FromSeconds(6));
        await TypeAsync("alice");
        _time.Advance(TimeSpan.FromSeconds(4));
        await TypeAsync("bob");
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(("alice", false), await NextTypingAsync());
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(("bob", false), await NextTypingAsync());
        await TypeAsync("alice");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(("alice", false), await NextTypingAsync());
    }

    [Fact]
    public async Task Typing_Ends_WhenItRanOutWhileAnothersEndWasTold()
    {
        await TypeAsync("alice");
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await TypeAsync("bob");
        _gateway.WhenTold = _ =>
        {
            _gateway.WhenTold = _ => { };
            _time.Advance(TimeSpan.FromSeconds(1));
        };

        _time.Advance(TimeSpan.FromMilliseconds(9_500));

        Assert.Equal(("alice", false), await NextTypingAsync());
        Assert.Equal(("bob", false), await NextTypingAsync());
    }

    [Fact]
    public async Task Typing_IsNotEndedTwice_WhenTheMessageIsSent()
    {
        await TypeAsync("alice");
        await _chat!.SendAsync(new MessageDraft { User = "alice", Content = "hi" }, _ct);
        Assert.IsType<MessagePosted>(await _gateway.NextAsync());
        Assert.Equal(("alice", false), await NextTypingAsync());

        _time.Advance(TimeSpan.FromSeconds(20));

        await TypeAsync("bob");    // the next thing told
    }

    private async Task TypeAsync(string user)
    {
        Assert.Equal(ChatRefusal.None, (await _chat!.TypeAsync(user, $"of {user}", isTyping: true, _ct)).Refusal);
        Assert.Equal((user, true), await NextTypingAsync());
    }

    private async Task<(string User, bool IsTyping)> NextTypingAsync()
    {
        var typing = Assert.IsType<TypingChanged>(await _gateway.NextAsync());
        Assert.Equal($"of {typing.User}", typing.ConnectionId);
        return (typing.User, typing.IsTyping);
    }
}
