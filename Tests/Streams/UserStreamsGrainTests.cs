using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NewLoom.Gateways;
using NewLoom.Grains.Users;
using NewLoom.Streams;
using NewLoom.Users;

namespace NewLoom.Tests.Streams;

public sealed class UserStreamsGrainTests : StreamTests
{
    private IUserStreamsGrain Streams => Cluster.Grains.GetGrain<IUserStreamsGrain>(UserKeys.ForUser("dave"));

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Cluster.CreateUserAsync("bob");
        await Cluster.CreateUserAsync("carol");
    }

    [Fact]
    public async Task Creator_OwnsViewsAndPublishes_AndTheOthersHaveTheirRightsOnce()
    {
        await Cluster.Grains.GetGrain<IUserSocketsGrain>(UserKeys.ForUser("bob")).OpenAsync("g1", "s", Ct);
        var created = await Streams.CreateAsync("one", ["bob", "dave", "bob"], ["carol", "bob"], Ct);
        Assert.Equal(StreamRefusal.None, created.Refusal);

        GatewayEvent[] told = [await Cluster.Gateway.NextAsync(), await Cluster.Gateway.NextAsync()];
        Assert.Equal(
            [
                new StreamAdded { User = "bob", StreamId = created.StreamId },
                new StreamAdded { User = "dave", StreamId = created.StreamId },
            ],
            told.OfType<StreamAdded>().OrderBy(item => item.User, StringComparer.Ordinal));    // they are told at once, in any order
        var stream = Assert.Single(await Streams.ListAsync(0, 10, Ct));
        Assert.Equal(
            (created.StreamId, "one", "dave", true, true),
            (stream.StreamId, stream.Name, stream.Owner, stream.CanView, stream.CanPublish));
        var rights = Cluster.Grains.GetGrain<IStreamRightsGrain>(created.StreamId);
        Assert.Equal<string>(["bob", "dave"], (await rights.ListAsync("bob", StreamRight.View, null, 9, Ct))!.Value);
        Assert.Equal<string>(
            ["bob", "carol", "dave"], (await rights.ListAsync("bob", StreamRight.Publish, null, 9, Ct))!.Value);
    }

    [Fact]
    public async Task Stream_IsRefused_WhenAUserIsUnknown_OrTheNameIsWrong()
    {
        var unknown = await Streams.CreateAsync("one", ["bob"], ["nobody"], Ct);
        Assert.Equal(StreamRefusal.Invalid, unknown.Refusal);
        Assert.Contains("nobody", unknown.Detail, StringComparison.Ordinal);
        foreach (var name in new[] { "", " \t", new string('x', 201) })
        {
            Assert.Equal(StreamRefusal.Invalid, (await Streams.CreateAsync(name, [], [], Ct)).Refusal);
        }

        Assert.Empty(await Streams.ListAsync(0, 10, Ct));
    }

    [Fact]
    public async Task Streams_AreLimited_ForEachUserAndForEachStream()
    {
        var limits = Cluster.Services.GetRequiredService<IOptions<UserLimits>>().Value;
        Assert.Equal((100_000, 10_000), (limits.StreamUsers, limits.Streams));
        (limits.StreamUsers, limits.Streams) = (2, 1);

        var crowded = await Streams.CreateAsync("one", ["bob"], ["carol"], Ct);
        Assert.Equal((StreamRefusal.LimitReached, "a stream has at most 2 users"), (crowded.Refusal, crowded.Detail));
        var full = await Streams.CreateAsync("one", ["bob"], [], Ct);    // bob views one stream already
        Assert.Equal((StreamRefusal.LimitReached, true), (full.Refusal, full.Detail!.Contains("'bob'")));
        Assert.Equal(StreamRefusal.None, (await Streams.CreateAsync("one", ["carol"], [], Ct)).Refusal);
        var granted = await Cluster.RightsOf(Stream).GrantAsync("alice", "carol", StreamRight.View, Ct);
        Assert.Equal(StreamRefusal.LimitReached, granted.Refusal);
    }

    [Fact]
    public async Task List_IsPaged_FromBehindTheLastId()
    {
        for (var i = 0; i < 3; i++)
        {
            await Streams.CreateAsync("one", [], [], Ct);
        }

        var first = await Streams.ListAsync(0, 2, Ct);
        var second = await Streams.ListAsync(first[^1].StreamId, 2, Ct);
        Assert.Equal((2, 1), (first.Length, second.Length));
    }
}
