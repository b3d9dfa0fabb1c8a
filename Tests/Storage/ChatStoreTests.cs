using NewLoom.Audit;
using NewLoom.Grains.Storage;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Storage;

public sealed class ChatStoreTests : IAsyncLifetime
{
    private readonly TestDatabase _database = new();
    private readonly TestStorage _storage;

    public ChatStoreTests() => _storage = new TestStorage(_database);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private IChatStore Chats => _storage.Chats;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task Create_StoresTheMembersInTheirOrder_OwnerFirst()
    {
        var id = await Chats.CreateAsync(Actor.System, null, "tea", "zoe", ["bob", "alice"]);

        Assert.Equal(1000, id);
        var chat = Assert.IsType<ChatRecord>(await Chats.LoadAsync(id, Cancelled));
        Assert.Equal(("tea", "zoe"), (chat.Name, chat.Owner));
        Assert.Equal((0L, DateTimeOffset.UnixEpoch), (chat.LastSeq, chat.LastTimestamp));
        Assert.Equal(["zoe", "bob", "alice"], chat.Members.Select(m => m.User));
        Assert.Null(await Chats.LoadAsync(id + 1, Cancelled));
    }

    [Fact]
    public async Task Create_TakesAGivenId_Once()
    {
        Assert.Equal(12, await Chats.CreateAsync(Actor.System, 12, "low", "alice", []));
        Assert.Equal(5000, await Chats.CreateAsync(Actor.System, 5000, "high", "alice", []));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Chats.CreateAsync(Actor.System, 12, "again", "bob", []));
        Assert.Equal(5001, await Chats.CreateAsync(Actor.System, null, "next", "alice", []));
        Assert.Equal("low", (await Chats.LoadAsync(12, Cancelled))!.Name);
    }

    [Fact]
    public async Task Ids_AreNeverGivenTwice_WhenTheLastChatWasDeletedBeforeARestart()
    {
        var first = await Chats.CreateAsync(Actor.System, null, "a", "alice", []);
        var message = (await _storage.AppendAsync(new LogTail(first, 0), "one")).Message!;
        await Chats.DeleteAsync(Actor.System, first);
        await _storage.DisposeAsync();

        await using var restarted = new TestStorage(_database);
        var second = await restarted.Chats.CreateAsync(Actor.System, null, "b", "alice", []);
        var next = (await restarted.AppendAsync(new LogTail(second, 0), "two")).Message!;

        Assert.Equal(first + 1, second);
        Assert.True(next.Id > message.Id);
    }

    [Fact]
    public async Task Members_ComeAndGo()
    {
        var id = await Chats.CreateAsync(Actor.System, null, "tea", "alice", ["bob"]);
        await Chats.AddMemberAsync(Actor.System, id, "carol");
        await Chats.AddMemberAsync(Actor.System, id, "bob");
        await Chats.RemoveMemberAsync(Actor.System, id, "alice", "bob");
        await Chats.RemoveMemberAsync(Actor.System, id, "nobody", null);
        await Chats.AddMemberAsync(Actor.System, id, "alice");
        await Chats.RenameAsync(id, "coffee");

        var chat = (await Chats.LoadAsync(id, Cancelled))!;
        Assert.Equal(("coffee", "bob"), (chat.Name, chat.Owner));
        Assert.Equal(["bob", "carol", "alice"], chat.Members.Select(m => m.User));
        Assert.Equal(3, Assert.Single(await Chats.ListChatsAsync("bob", 0, 10, Cancelled)).MemberCount);
    }

    [Fact]
    public async Task Members_AreNotAdded_WhenTheChatIsGone()
    {
        await Chats.AddMemberAsync(Actor.System, 77, "alice");
        Assert.Empty(await Chats.ListChatIdsAsync("alice", 10, Cancelled));
    }

    [Fact]
    public async Task Marks_NeverFall()
    {
        var id = await Chats.CreateAsync(Actor.System, null, "tea", "alice", ["bob"]);
        await Chats.MoveMarksAsync(id, "bob", 5, 3);
        await Chats.MoveMarksAsync(id, "bob", 4, 4);
        await Chats.MoveMarksAsync(id, "bob", 0, 0);

        var chat = (await Chats.LoadAsync(id, Cancelled))!;
        Assert.Equal([new MemberRecord("alice", 0, 0), new MemberRecord("bob", 5, 4)], chat.Members);
    }

    [Fact]
    public async Task Delete_TakesMembershipsAndMessagesAlong()
    {
        var id = await Chats.CreateAsync(Actor.System, null, "tea", "alice", ["bob"]);
        await _storage.AppendAsync(new LogTail(id, 0), "one");
        await Chats.DeleteAsync(Actor.System, id);
        await Chats.DeleteAsync(Actor.System, id);

        Assert.Null(await Chats.LoadAsync(id, Cancelled));
        Assert.Empty(await Chats.ListChatIdsAsync("bob", 10, Cancelled));
        await Chats.CreateAsync(Actor.System, id, "tea again", "alice", []);
        Assert.Equal(0, (await Chats.LoadAsync(id, Cancelled))!.LastSeq);
    }

    [Fact]
    public async Task Lists_AreAscendingPages_OfTheUsersOwnChats()
    {
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await Chats.CreateAsync(Actor.System, null, $"chat {i}", "alice", i % 2 == 0 ? ["bob"] : []));
        }

        await _storage.AppendAsync(new LogTail(ids[2], 0), "one");
        await _storage.AppendAsync(new LogTail(ids[2], 1), "two");
        await Chats.MoveMarksAsync(ids[2], "bob", 2, 1);

        var page = await Chats.ListChatsAsync("bob", ids[0], 1, Cancelled);
        var info = Assert.Single(page);
        Assert.Equal((ids[2], "chat 2", "alice"), (info.ChatId, info.Name, info.Owner));
        Assert.Equal((2L, 1L, 2), (info.Seq, info.ReadSeq, info.MemberCount));
        Assert.Equal([ids[0], ids[2], ids[4]], await Chats.ListChatIdsAsync("bob", 10, Cancelled));
        Assert.Equal([ids[0]], await Chats.ListChatIdsAsync("bob", 1, Cancelled));
        Assert.Equal(["alice"], await Chats.FindUsersAtLimitAsync(["alice", "bob", "carol"], 4, Cancelled));
        Assert.Equal(["bob", "alice"], await Chats.FindUsersAtLimitAsync(["bob", "alice", "carol"], 3, Cancelled));
    }

    [Fact]
    public async Task Load_TellsTheLastMessage()
    {
        var id = await Chats.CreateAsync(Actor.System, null, "tea", "alice", []);
        var tail = new LogTail(id, 0);
        await _storage.AppendAsync(tail, "one");
        var last = await _storage.AppendAsync(tail, "two");

        var chat = (await Chats.LoadAsync(id, Cancelled))!;
        Assert.Equal((2L, last.Message!.Timestamp), (chat.LastSeq, chat.LastTimestamp));
    }
}
