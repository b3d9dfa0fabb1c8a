using Microsoft.Extensions.DependencyInjection;
using NewLoom.Audit;
using NewLoom.Chats;
using NewLoom.Grains.Gateways;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Users;
using NewLoom.Streams;
using NewLoom.Tests.Gateways;
using NewLoom.Tests.Storage;
using NewLoom.Tests.Support;
using Npgsql;
using Orleans.TestingHost;

namespace NewLoom.Tests.Durability;

/// <summary>Rights that are taken away while the database's answer is lost: what is stored counts.</summary>
public sealed class DoubtfulChangeTests : IClassFixture<PostgreSqlFixture>, IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly TestDatabase _database = new(isFile: false);
    private CommitProxy _proxy = null!;
    private TestStorage _storage = null!;
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _proxy = new CommitProxy(new NpgsqlConnectionStringBuilder(_database.ConnectionString).Port);
        _storage = new TestStorage(_database, _proxy.ConnectionString(_database.ConnectionString));
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.UseInMemoryReminderService();
            silo.Services.AddSingleton(_storage.Log);
            silo.Services.AddSingleton(_storage.Chats);
            silo.Services.AddSingleton(_storage.Streams);
            silo.Services.AddSingleton(_storage.Audit);
            silo.Services.AddSingleton<StatsWriter>();
            silo.Services.AddSingleton<IGatewayPublisher>(new ToldGateway());
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
        await _proxy.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task RemovedMember_ReadsNothingMore()
    {
        var chatId = await _storage.Chats.CreateAsync(Actor.System, null, "A chat", "alice", ["bob"]);
        var chat = _cluster.Client.GetGrain<IChatGrain>(chatId);
        Assert.NotNull(await chat.ReadHistoryAsync("bob", null, 10, _ct));

        _proxy.SwallowNextCommit();
        await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            _cluster.Client.GetGrain<IChatMembersGrain>(chatId, "NewLoom.Grains.").RemoveAsync("alice", "bob", _ct));

        Assert.Null(await chat.ReadHistoryAsync("bob", null, 10, _ct));
        Assert.NotNull(await chat.ReadHistoryAsync("alice", null, 10, _ct));
    }

    [Fact]
    public async Task ViewerWithoutTheRight_SeesNothingMore()
    {
        var streamId = await _storage.Streams.CreateAsync(
            Actor.System, null, "A stream", "alice", [new("alice", true, true), new("bob", true, false)]);
        var stream = _cluster.Client.GetGrain<IStreamGrain>(streamId);
        Assert.NotNull(await stream.GetSnapshotAsync("bob", _ct));

        _proxy.SwallowNextCommit();
        await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            _cluster.Client.GetGrain<IStreamRightsGrain>(streamId).RevokeAsync("alice", "bob", StreamRight.View, _ct));

        Assert.Null(await stream.GetSnapshotAsync("bob", _ct));
        Assert.NotNull(await stream.GetSnapshotAsync("alice", _ct));
    }
}
