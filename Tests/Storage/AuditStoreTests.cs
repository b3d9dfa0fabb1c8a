using System.Data.Common;
using NewLoom.Audit;
using NewLoom.Grains.Storage;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Storage;

/// <summary>Every change has its row, in the transaction of the change; what changes nothing has none.</summary>
public sealed class AuditStoreTests : IAsyncLifetime
{
    private readonly TestDatabase _database = new();
    private readonly TestStorage _storage;

    public AuditStoreTests() => _storage = new TestStorage(_database);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IChatStore Chats => _storage.Chats;

    private IStreamStore Streams => _storage.Streams;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task ChatChanges_AreRecorded_AndRepeatsAreNot()
    {
        var id = await Chats.CreateAsync("alice", null, "tea", "alice", ["bob"]);
        await Chats.AddMemberAsync("alice", id, "carol");
        await Chats.AddMemberAsync("alice", id, "carol");
        await Chats.AddMemberAsync("alice", id + 1, "carol");
        await Chats.RemoveMemberAsync(Actor.Administrator, id, "alice", "bob");
        await Chats.RemoveMemberAsync(Actor.Administrator, id, "alice", "bob");
        await Chats.RenameAsync(id, "coffee");
        await Chats.DeleteAsync("bob", id);
        await Chats.DeleteAsync("bob", id);

        await AssertRecordedAsync(
            $"alice chat.created alice c{id}",
            $"alice chat.member_added bob c{id}",
            $"alice chat.member_added carol c{id}",
            $"(administrator) chat.member_removed alice c{id}",
            $"(administrator) chat.owner_changed bob c{id}",
            $"bob chat.deleted bob c{id}");
    }

    [Fact]
    public async Task RightChanges_AreRecorded_AndRepeatsAreNot()
    {
        var id = await Streams.CreateAsync(Actor.System, null, "job", "alice", [new("alice", true, true)]);
        await Streams.SetRightsAsync("alice", id, new("bob", CanView: true, CanPublish: false));
        await Streams.SetRightsAsync("alice", id, new("bob", CanView: true, CanPublish: false));
        await Streams.SetRightsAsync("alice", id + 1, new("bob", CanView: true, CanPublish: false));
        await Streams.SetRightsAsync("alice", id, new("bob", CanView: false, CanPublish: true));
        await Streams.SetRightsAsync("root", id, new("alice", CanView: false, CanPublish: false), "bob");
        await Streams.SetRightsAsync("root", id, new("alice", CanView: false, CanPublish: false), "bob");
        await Streams.DeleteAsync("bob", id);
        await Streams.DeleteAsync("bob", id);

        await AssertRecordedAsync(
            $"(system) stream.created alice s{id}",
            $"(system) stream.view_granted alice s{id}",
            $"(system) stream.publish_granted alice s{id}",
            $"alice stream.view_granted bob s{id}",
            $"alice stream.view_revoked bob s{id}",
            $"alice stream.publish_granted bob s{id}",
            $"root stream.view_revoked alice s{id}",
            $"root stream.publish_revoked alice s{id}",
            $"root stream.owner_changed bob s{id}",
            $"bob stream.deleted bob s{id}");
    }

    [Fact]
    public async Task FailedChange_LeavesNoRow()
    {
        var id = await Chats.CreateAsync("alice", null, "tea", "alice", []);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Chats.CreateAsync("bob", id, "again", "bob", ["carol"]));
        await Assert.ThrowsAnyAsync<Exception>(() => Chats.CreateAsync("bob", null, "null", "bob", ["carol", null!]));
        await Assert.ThrowsAnyAsync<Exception>(
            () => Streams.CreateAsync("bob", null, "null", "bob", [new("carol", true, true), new(null!, true, true)]));
        await using (_database.Lock())
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => Chats.AddMemberAsync("alice", id, "bob"));
        }

        await AssertRecordedAsync($"alice chat.created alice c{id}");
    }

    [Fact]
    public async Task FailedRow_LeavesNoChange()
    {
        var id = await Chats.CreateAsync("alice", null, "tea", "alice", ["bob"]);
        _database.Execute(_database.IsFile
            ? "CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'no'); END"
            : """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
                CREATE TRIGGER no_audit BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION refuse();
                """);
        await Assert.ThrowsAnyAsync<DbException>(() => Chats.AddMemberAsync("alice", id, "carol"));
        await Assert.ThrowsAnyAsync<DbException>(() => Chats.RemoveMemberAsync("alice", id, "bob", null));
        await Assert.ThrowsAnyAsync<DbException>(() => Chats.DeleteAsync("alice", id));

        Assert.Equal(["alice", "bob"], (await Chats.LoadAsync(id, Ct))!.Members.Select(member => member.User));
    }

    [Fact]
    public async Task Change_IsRefused_WhenItsActorIsNobody()
    {
        var id = await Chats.CreateAsync("alice", null, "tea", "alice", []);
        foreach (var actor in new[] { "", "(nobody)", "a b" })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => Chats.AddMemberAsync(actor, id, "bob"));
            Assert.Throws<ArgumentException>(() => new AuditChange(actor, AuditAction.UserCreated, "bob"));
        }

        Assert.Single((await Chats.LoadAsync(id, Ct))!.Members);
    }

    [Fact]
    public async Task Entries_ArePaged_ByIdAndByUser_AndIdsAreNotGivenAgain()
    {
        var tokenId = Guid.NewGuid();
        await _storage.Audit.AppendAsync([]);
        await _storage.Audit.AppendAsync(
        [
            new("root", AuditAction.UserCreated, "alice"),
            new("alice", AuditAction.TokenIssued, "alice") { TokenId = tokenId },
            new("root", AuditAction.UserCreated, "bob"),
            new("alice", AuditAction.ChatMemberAdded, "bob") { ChatId = 7 },
            new("bob", AuditAction.ChatMemberRemoved, "bob") { ChatId = 7 },
        ]);

        Assert.Equal([1, 2], await IdsAsync(null, 0, 2));
        Assert.Equal([3, 4, 5], await IdsAsync(null, 2, 9));
        Assert.Equal([1, 2, 4], await IdsAsync("alice", 0, 9));
        Assert.Equal([1, 2], await IdsAsync("alice", 0, 2));
        Assert.Equal([4], await IdsAsync("alice", 2, 9));
        Assert.Equal([3, 4, 5], await IdsAsync("bob", 0, 9));
        Assert.Empty(await IdsAsync("carol", 0, 9));
        Assert.Equal(tokenId, (await _storage.Audit.ReadAsync(null, 1, 1, Ct)).Single().TokenId);

        _database.Execute("DELETE FROM audit");
        await _storage.Audit.AppendAsync([new("root", AuditAction.UserDeleted, "alice")]);
        Assert.Equal([6], await IdsAsync(null, 0, 9));
    }

    private async Task<IEnumerable<long>> IdsAsync(string? user, long after, int limit) =>
        (await _storage.Audit.ReadAsync(user, after, limit, Ct)).Select(entry => entry.EntryId);

    private async Task AssertRecordedAsync(params string[] expected)
    {
        var entries = await _storage.Audit.ReadAsync(null, 0, 100, Ct);
        Assert.Equal(expected, entries.Select(entry =>
            $"{entry.Actor} {entry.Action} {entry.User} " +
            (entry.ChatId is { } chatId ? $"c{chatId}" : $"s{entry.StreamId}")));
        Assert.Equal(entries.Select(entry => entry.EntryId).Order(), entries.Select(entry => entry.EntryId));
        Assert.All(entries, entry => Assert.InRange(
            TimeProvider.System.GetUtcNow() - entry.At, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1)));
    }
}
