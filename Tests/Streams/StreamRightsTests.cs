using NewLoom.Audit;
using NewLoom.Streams;
using NewLoom.Users;
using static NewLoom.Tests.Streams.Reports;

namespace NewLoom.Tests.Streams;

public sealed class StreamRightsTests : StreamTests
{
    private IStreamRightsGrain Rights => Cluster.RightsOf(Stream);

    [Fact]
    public async Task Viewer_SeesTheStream_AndItsSocketsAreTold()
    {
        await Cluster.CreateUserAsync("carol");
        await SocketsOf("carol").OpenAsync("g1", "s", Ct);
        Assert.Equal(StreamOutcome.Done, await Rights.GrantAsync("alice", "carol", StreamRight.View, Ct));
        Assert.Equal(
            new StreamAdded { User = "carol", StreamId = Stream.GetPrimaryKeyLong() },
            Assert.IsType<StreamAdded>(await Cluster.Gateway.NextAsync()));
        Assert.NotNull(await Stream.GetSnapshotAsync("carol", Ct));
        Assert.Equal(StreamRefusal.NotAuthorized, await RefusalAsync("carol"));
        Assert.Equal(StreamOutcome.Done, await Rights.GrantAsync("alice", "carol", StreamRight.View, Ct));
        Assert.Equal(0, Cluster.Gateway.WaitingCount);
    }

    [Fact]
    public async Task Publisher_MayReport_ButNotSee()
    {
        await Cluster.CreateUserAsync("carol");
        Assert.Equal(StreamOutcome.Done, await Rights.GrantAsync("alice", "carol", StreamRight.Publish, Ct));
        Assert.Equal(StreamRefusal.None, await RefusalAsync("carol"));
        Assert.Null(await Stream.GetSnapshotAsync("carol", Ct));
        Assert.Equal((false, true), await Rights.GetAsync("carol", Ct) is { } info
            ? (info.CanView, info.CanPublish)
            : default);
    }

    [Fact]
    public async Task FormerViewer_SeesNothing_AndGatewaysAreTold()
    {
        Assert.Equal(StreamOutcome.Done, await Rights.RevokeAsync("alice", "bob", StreamRight.View, Ct));
        var removed = await NextAsync<ViewerRemoved>();
        Assert.Equal(("bob", 1), (removed.User, removed.Position.RemovalCount));
        Assert.Null(await Stream.GetSnapshotAsync("bob", Ct));
        Assert.Null(await Rights.GetAsync("bob", Ct));

        await Cluster.DeactivateAsync(Stream);
        Assert.Null(await Stream.GetSnapshotAsync("bob", Ct));
    }

    [Fact]
    public async Task FormerPublisher_IsNoRemovedViewer()
    {
        Assert.Equal(StreamOutcome.Done, await Rights.RevokeAsync("alice", "alice", StreamRight.Publish, Ct));
        Assert.Equal(StreamRefusal.NotAuthorized, await RefusalAsync("alice"));
        Assert.Equal(0, Cluster.Gateway.WaitingCount);
        Assert.NotNull(await Stream.GetSnapshotAsync("alice", Ct));
    }

    [Fact]
    public async Task Rights_AreTheOwnersToGive_AndEverybodysToGiveUp()
    {
        foreach (var actor in new[] { "bob", "carol" })
        {
            Assert.All(
                [
                    await Rights.GrantAsync(actor, actor, StreamRight.Publish, Ct),
                    await Rights.RevokeAsync(actor, "alice", StreamRight.View, Ct),
                    await Rights.DeleteAsync(actor, Ct),
                ],
                outcome => Assert.Equal(StreamRefusal.NotAuthorized, outcome.Refusal));
        }

        Assert.Equal(StreamOutcome.Done, await Rights.RevokeAsync("bob", "bob", StreamRight.View, Ct));
        Assert.Equal(
            StreamRefusal.NotAuthorized, (await Rights.RevokeAsync("carol", "carol", StreamRight.View, Ct)).Refusal);
    }

    [Fact]
    public async Task UnknownUser_GetsNoRight()
    {
        var refused = await Rights.GrantAsync("alice", "nobody", StreamRight.View, Ct);
        Assert.Equal(StreamRefusal.Invalid, refused.Refusal);
        Assert.Contains("nobody", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_IsInOrdinalOrder_ForThoseWhoMaySeeTheStream()
    {
        Assert.Equal<string>(["alice", "bob"], (await Rights.ListAsync("bob", StreamRight.View, null, 10, Ct))!.Value);
        Assert.Equal<string>(["bob"], (await Rights.ListAsync("alice", StreamRight.View, "alice", 10, Ct))!.Value);
        Assert.Equal<string>(["alice"], (await Rights.ListAsync("alice", StreamRight.Publish, null, 10, Ct))!.Value);
        Assert.Null(await Rights.ListAsync("carol", StreamRight.View, null, 10, Ct));
    }

    [Fact]
    public async Task DeletedStream_IsGoneForAll()
    {
        await ReportAsync(Status(StreamStatus.Running));
        await NextAsync(StreamStatus.Running);
        Assert.Equal(StreamOutcome.Done, await Rights.DeleteAsync("alice", Ct));
        Assert.Null((await NextAsync<ViewerRemoved>()).User);
        Assert.Null(await Rights.GetAsync("alice", Ct));
        Assert.Equal(StreamRefusal.NotAuthorized, await RefusalAsync("alice"));
        Assert.Equal(StreamRefusal.NotAuthorized, (await Rights.DeleteAsync("alice", Ct)).Refusal);
    }

    [Fact]
    public async Task DeletedUser_LosesItsRights_AndTheEldestOwnsTheStream()
    {
        foreach (var user in new[] { "alice", "bob" })
        {
            await Cluster.CreateUserAsync(user);
        }

        await DeleteUserAsync("alice");
        Assert.IsType<CredentialEnded>(await Cluster.Gateway.NextAsync());
        Assert.Equal("alice", (await NextAsync<ViewerRemoved>()).User);
        var stream = Assert.Single(await StreamsOf("bob").ListAsync(0, 10, Ct));
        Assert.Equal(("bob", true, false), (stream.Owner, stream.CanView, stream.CanPublish));
        Assert.Equal(stream, await Rights.GetAsync("bob", Ct));

        await DeleteUserAsync("bob");
        Assert.IsType<CredentialEnded>(await Cluster.Gateway.NextAsync());
        Assert.Null((await NextAsync<ViewerRemoved>()).User);
        Assert.Null(await Cluster.Store.LoadAsync(Stream.GetPrimaryKeyLong(), Ct));
    }

    private Task<bool> DeleteUserAsync(string name) =>
        Cluster.Grains.GetGrain<IUserGrain>(UserKeys.ForUser(name)).DeleteAsync(Actor.Administrator, Ct);

    private async Task<StreamRefusal> RefusalAsync(string user) =>
        (await Stream.ReportAsync(user, [Error("E1")], Ct)).Outcomes.Single().Refusal;

    private IUserSocketsGrain SocketsOf(string user) =>
        Cluster.Grains.GetGrain<IUserSocketsGrain>(UserKeys.ForUser(user));

    private IUserStreamsGrain StreamsOf(string user) =>
        Cluster.Grains.GetGrain<IUserStreamsGrain>(UserKeys.ForUser(user));
}
