using NewLoom.Audit;
using NewLoom.Grains.Storage;
using NewLoom.Tests.Support;
using Npgsql;

namespace NewLoom.Tests.Storage;

/// <summary>What senders are told when the connection to the database ends under a write.</summary>
public sealed class LostConnectionTests : IClassFixture<PostgreSqlFixture>, IDisposable
{
    private readonly TestDatabase _database = new(isFile: false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task NextWriteAndRead_Succeed_WhenTheServerHasEndedAllConnectionsMeanwhile()
    {
        await using var storage = new TestStorage(_database);
        var tail = new LogTail(await storage.Chats.CreateAsync(Actor.System, null, "tea", "alice", []), 0);
        await storage.AppendAsync(tail, "one");
        await storage.Chats.LoadAsync(tail.TopicId, Ct);
        _database.Execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity " +
            "WHERE datname = current_database() AND pid <> pg_backend_pid()");

        // A transaction that was lost while nobody knew of it has stored nothing: whoever asks again is served.
        var answer = await RetriedAsync(() => storage.AppendAsync(tail, "two"));
        Assert.Equal(2, answer.Message!.Seq);
        Assert.Equal(2, (await RetriedAsync(() => storage.Chats.LoadAsync(tail.TopicId, Ct)))!.LastSeq);
    }

    [Fact]
    public async Task Append_FencesItsTail_AndIsNotDoubled_WhenNobodyHeardThatItWasCommitted()
    {
        await using var proxy = new CommitProxy(new NpgsqlConnectionStringBuilder(_database.ConnectionString).Port);
        await using var storage = new TestStorage(_database, proxy.ConnectionString(_database.ConnectionString));
        var chatId = await storage.Chats.CreateAsync(Actor.System, null, "tea", "alice", []);
        var tail = new LogTail(chatId, 0);
        await storage.AppendAsync(tail, "one", "c1");

        proxy.SwallowNextCommit();
        var lost = await storage.AppendAsync(tail, "two", "c2");
        Assert.Equal(AppendOutcome.Fenced, lost.Outcome);
        Assert.Equal(AppendOutcome.Fenced, (await storage.AppendAsync(tail, "three", "c3")).Outcome);

        // The next activation begins with what is stored; the sender's retry hears of the first message.
        var record = (await storage.Chats.LoadAsync(chatId, Ct))!;
        Assert.Equal(2, record.LastSeq);
        var next = new LogTail(chatId, record.LastSeq);
        var retry = await storage.AppendAsync(next, "two", "c2");
        Assert.Equal((AppendOutcome.Repeat, 2L), (retry.Outcome, retry.Message!.Seq));
        Assert.Equal(3, (await storage.AppendAsync(next, "three", "c3")).Message!.Seq);
    }

    private static async Task<T> RetriedAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (StorageUnavailableException)
        {
            return await call();
        }
    }
}
