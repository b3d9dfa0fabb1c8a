using System.Net;
using NewLoom.Audit;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Storage.PostgreSql;
using NewLoom.Tests.Support;
using Npgsql;
using Orleans.Runtime;

namespace NewLoom.Tests.Storage;

/// <summary>A silo that the cluster has given up stores nothing more, however late it wakes up.</summary>
public sealed class MemberFenceTests : IClassFixture<PostgreSqlFixture>, IDisposable
{
    private const string ClusterId = "fenced";

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private readonly TestDatabase _database = new(isFile: false);
    private readonly SiloAddress _silo = SiloAddress.New(IPAddress.Parse("10.1.2.3"), 11_111, 77);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Theory]
    [InlineData("UPDATE OrleansMembershipTable SET Status = 6 WHERE Generation = 77")]
    [InlineData("DELETE FROM OrleansMembershipTable WHERE Generation = 77")]
    public async Task Writer_StoresNothing_OnceItsSiloIsDead(string death)
    {
        AddMembers();
        await using var storage = NewStorage();
        var tail = new LogTail(await storage.Chats.CreateAsync(Actor.System, null, "tea", "alice", []), 0);
        Assert.Equal(AppendOutcome.Stored, (await storage.AppendAsync(tail, "alive")).Outcome);

        _database.Execute(death);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.AppendAsync(tail, "dead"));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.Chats.RenameAsync(tail.TopicId, "coffee"));

        // Not even when the row says otherwise again: the others have gone on meanwhile.
        _database.Execute("UPDATE OrleansMembershipTable SET Status = 3");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.AppendAsync(tail, "undead"));
        var chat = (await storage.Chats.LoadAsync(tail.TopicId, Ct))!;
        Assert.Equal(("tea", 1L), (chat.Name, chat.LastSeq));
    }

    [Fact]
    public async Task Writer_GoesOn_WhenAnotherSiloIsDead_OrNoneIsListed()
    {
        await using var unlisted = NewStorage();
        var tail = new LogTail(await unlisted.Chats.CreateAsync(Actor.System, null, "tea", "alice", []), 0);
        AddMembers();
        _database.Execute("UPDATE OrleansMembershipTable SET Status = 6 WHERE Generation <> 77");

        Assert.Equal(AppendOutcome.Stored, (await unlisted.AppendAsync(tail, "one")).Outcome);
    }

    [Fact]
    public async Task Death_WaitsForTheTransactionThatHasLooked()
    {
        AddMembers();
        await using var source = PostgreSqlSource.Create(_database.ConnectionString);
        using var session = new PostgreSqlDatabase(source, Fence()).OpenWriter();
        session.BeginWrite();
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var death = new NpgsqlCommand(
            "SET lock_timeout = '200ms'; UPDATE OrleansMembershipTable SET Status = 6 WHERE Generation = 77",
            connection);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => death.ExecuteNonQueryAsync(Ct));
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, refusal.SqlState);
        session.Commit();
        await death.ExecuteNonQueryAsync(Ct);
    }

    [Fact]
    public async Task Transaction_IsNotCommitted_WhenItsProcessWasFrozenInIt()
    {
        await using var source = PostgreSqlSource.Create(_database.ConnectionString);
        using var session = new PostgreSqlDatabase(source).OpenWriter();
        session.BeginWrite();
        session.Execute("INSERT INTO chats (name, owner, created_at) VALUES ('late', 'alice', 0)");

        await UntilNoTransactionIsOpenAsync();
        Assert.ThrowsAny<NpgsqlException>(session.Commit);
        Assert.Equal(0L, _database.Execute("SELECT count(*) FROM chats"));
    }

    private async Task UntilNoTransactionIsOpenAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var end = TimeProvider.System.GetUtcNow() + EndLimit;
        while ((long)_database.Execute(
            "SELECT count(*) FROM pg_stat_activity " +
            "WHERE state LIKE 'idle in transaction%' AND datname = current_database()")! > 0)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, "The transaction is still open.");
            await timer.WaitForNextTickAsync(Ct);
        }
    }

    private TestStorage NewStorage() => new(_database, fence: Fence());

    private MemberFence Fence() => new(ClusterId, _silo);

    private void AddMembers() => _database.Execute($"""
        INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES ('{ClusterId}');
        INSERT INTO OrleansMembershipTable
            (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, StartTime, IAmAliveTime)
        SELECT '{ClusterId}', '10.1.2.3', 11111, generation, 'silo', 'host', 3, now(), now()
        FROM unnest(ARRAY[76, 77]) AS generation
        """);
}
