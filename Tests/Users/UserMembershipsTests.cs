using NewLoom.Audit;
using NewLoom.Grains.Users;
using NewLoom.Tests.Api;
using NewLoom.Tests.Storage;

namespace NewLoom.Tests.Users;

[Collection<SharedUsers>]
public sealed class UserMembershipsTests(UsersCluster cluster)
{
    [Fact]
    public async Task Memberships_AreEnded_AndAChatThatDoesNotKnowItIsLeftAlone()
    {
        var store = new FakeChatStore();
        var grains = new ApiGrains(cluster.Grains);
        var known = await store.CreateAsync(Actor.System, null, "a", "alice", ["bob"]);
        var unknown = await store.CreateAsync(Actor.System, null, "b", "carol", ["bob"]);
        grains.Chats[known] = new FakeChat(known, "alice")
        {
            Forgotten = user => store.RemoveMemberAsync(Actor.System, known, user, null),
        };
        grains.Chats[unknown] = new FakeChat(unknown, "carol");

        await using var storage = new OwnStorage();
        await new UserMemberships(store, storage.Streams, grains)
            .EndAllAsync("root", "bob", TestContext.Current.CancellationToken);

        Assert.Equal(
            [unknown], await store.ListChatIdsAsync("bob", 10, TestContext.Current.CancellationToken));
    }
}
