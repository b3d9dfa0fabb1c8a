using NewLoom.Chats;
using NewLoom.Gateways;
using NewLoom.Streams;
using NewLoom.Users;

namespace NewLoom.Tests.Docs.Orleans;

public sealed class OwnGrainTests(NewLoomCluster cluster) : IClassFixture<NewLoomCluster>
{
    [Fact]
    public async Task Import_EndsAsFailed_WhenAFileIsBroken()
    {
        var ct = TestContext.Current.CancellationToken;
        await cluster.CreateUsersAsync("importer", "viewer");
        var created = await cluster.Grains.GetGrain<IUserStreamsGrain>(UserKeys.ForUser("importer"))
            .CreateAsync("Nightly import", viewers: ["viewer"], publishers: ["importer"], ct);

        await cluster.Grains.GetGrain<IImportGrain>(created.StreamId).RunAsync(["a.csv", "b.broken", "c.csv"], ct);

        var stream = cluster.Grains.GetGrain<IStreamGrain>(created.StreamId);
        var snapshot = (await stream.GetSnapshotAsync("viewer", ct))!;
        Assert.Equal(StreamStatus.Failed, snapshot.Status);
        Assert.Equal((2, 1, 3), (snapshot.Stats.ProcessedCount, snapshot.Stats.FailedCount, snapshot.Stats.TotalCount));
        Assert.Equal("BAD_FILE", Assert.Single(snapshot.Errors).Code);
    }

    [Fact]
    public async Task Scribe_SeesWhatWasSaidBeforeAndAfterItCame()
    {
        var ct = TestContext.Current.CancellationToken;
        await cluster.CreateUsersAsync("alice", "scribe");
        var created = await cluster.Grains.GetGrain<IUserChatsGrain>(UserKeys.ForUser("alice"))
            .CreateAsync("Minutes", members: ["scribe"], ct);
        var chat = cluster.Grains.GetGrain<IChatGrain>(created.ChatId);
        await chat.SendAsync(new MessageDraft { User = "alice", Content = "Shall we begin?" }, ct);
        var scribe = cluster.Grains.GetGrain<IScribeGrain>(created.ChatId);
        using var limit = new CancellationTokenSource(0.8 * GatewayLease.RenewInterval);    // before its timer looks
        await scribe.ListenAsync("scribe", ct);
        await chat.SendAsync(new MessageDraft { User = "alice", Content = "Here we go." }, ct);

        while ((await scribe.ReadAsync()).Length < 2)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(["alice: Shall we begin?", "alice: Here we go."], await scribe.ReadAsync());
    }
}
