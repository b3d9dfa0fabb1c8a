using NewLoom.Audit;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Storage.PostgreSql;
using NewLoom.Grains.Streams;
using NewLoom.Streams;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Storage;

/// <summary>Many writes in one transaction: each gets its own answer, and they take few round trips.</summary>
public sealed class WriteGroupTests : IClassFixture<PostgreSqlFixture>, IDisposable
{
    private const int ChatCount = 50;

    private readonly TestDatabase _database = new(isFile: false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task RoundTrips_AreFew_HoweverManyWritesThereAre()
    {
        await using var setUp = new TestStorage(_database);
        var chatId = await setUp.Chats.CreateAsync(Actor.System, null, "tea", "alice", []);
        var streamId = await setUp.Streams.CreateAsync(Actor.System, null, "job", "alice", []);
        await using var source = PostgreSqlSource.Create(_database.ConnectionString);
        using var session = (PostgreSqlSession)new PostgreSqlDatabase(source, null).OpenWriter();
        var (chat, stream, tails) = (new LogTail(chatId, 0), new LogTail(streamId, 0), new BatchTails());
        var writes = Enumerable.Range(0, 300).SelectMany(i => new StorageWrite[]
        {
            new MessageAppend(chat, TestStorage.Draft($"m{i}", $"c{i}"), DateTimeOffset.UnixEpoch),
            new EventAppend(stream, [NewStatus()], [NewExecution()]),
            new StorageStatement(
                "UPDATE chats SET name = @name WHERE id = @chat", ("@name", $"n{i}"), ("@chat", chatId)),
        }).ToList();

        session.BeginWrite();
        session.Run(writes, tails);
        session.Commit();
        tails.Commit();

        Assert.InRange(session.RoundTripCount, 1, 4);
        Assert.Equal((300L, 300L), (chat.LastSeq, stream.LastSeq));
        Assert.All(writes, write => Assert.Null(write.Error));
        Assert.Equal("n299", (await setUp.Chats.LoadAsync(chatId, Ct))!.Name);
    }

    [Fact]
    public async Task Ids_RiseWithThePlaces_InEachOfManyChats()
    {
        await using var storage = new TestStorage(_database);
        var tails = await TailsAsync(storage);
        await Task.WhenAll(Enumerable.Range(0, 20).SelectMany(
            i => tails.Select(tail => storage.AppendAsync(tail, $"m{i}"))));

        foreach (var tail in tails)
        {
            var stored = await storage.Log.ReadAsync(tail.TopicId, 0, long.MaxValue, 100, Ct);
            Assert.Equal(Enumerable.Range(0, 20).Select(i => $"m{i}"), stored.Select(message => message.Content));
            Assert.Equal(stored.Select(message => message.Id).Order(), stored.Select(message => message.Id));
        }
    }

    [Fact]
    public async Task EveryAppend_GetsItsOwnAnswer_WhenSomeOfTheirBatchCannotBeStored()
    {
        await using var storage = new TestStorage(_database, isStarted: false);
        var created = Task.WhenAll(Enumerable.Range(1, 5).Select(
            id => storage.Chats.CreateAsync(Actor.System, id, "c", "alice", [])).ToList());
        var tails = Enumerable.Range(1, 6).Select(id => new LogTail(id, 0)).ToList();    // there is no chat 6
        var ahead = new LogTail(4, 7);
        var second = new LogTail(5, 0);
        var all = Task.WhenAll(
            storage.AppendAsync(tails[0], "one", "a"),
            storage.AppendAsync(tails[1], "good"),
            storage.AppendAsync(tails[0], "one", "a"),
            storage.AppendAsync(tails[0], "other", "a"),
            storage.AppendAsync(tails[0], "two", "b"),
            storage.AppendAsync(tails[5], "nowhere"),
            storage.AppendAsync(ahead, "gap"),
            storage.AppendAsync(tails[4], "first"),
            storage.AppendAsync(second, "late"),
            storage.AppendAsync(tails[1], "good too"));
        var bad = storage.AppendAsync(tails[2], "with \0 in it");
        storage.Start();

        await created;
        var answers = await all;
        Assert.Equal(
            [
                AppendOutcome.Stored, AppendOutcome.Stored, AppendOutcome.Repeat, AppendOutcome.Conflict,
                AppendOutcome.Stored, AppendOutcome.Fenced, AppendOutcome.Fenced, AppendOutcome.Stored,
                AppendOutcome.Fenced, AppendOutcome.Stored,
            ],
            answers.Select(answer => answer.Outcome));
        Assert.Equal([1L, 1L, 1L, 1L, 2L], answers.Take(5).Select(answer => answer.Message!.Seq));
        await Assert.ThrowsAsync<ArgumentException>(() => bad);
        Assert.Equal([2L, 2L, 0L], tails.Take(3).Select(tail => tail.LastSeq));
        Assert.Equal(["one", "two"], await ContentsAsync(storage, 1));
        Assert.Equal(["good", "good too"], await ContentsAsync(storage, 2));
        Assert.Equal(["first"], await ContentsAsync(storage, 5));
    }

    [Fact]
    public async Task Statuses_GetTheirOwnAnswers_WhenOneStreamWasWrittenElsewhere()
    {
        await using var storage = new TestStorage(_database);
        var (first, other) = (await NewStreamAsync(storage), await NewStreamAsync(storage));
        var (old, good) = (new LogTail(first, 0), new LogTail(other, 0));
        await storage.Streams.AppendAsync(new LogTail(first, 0), [NewStatus()], [NewExecution()]);
        var answers = await Task.WhenAll(
            storage.Streams.AppendAsync(good, [NewStatus(), NewStatus()], [NewExecution()]),
            storage.Streams.AppendAsync(old, [NewStatus()], [NewExecution()]),
            storage.Streams.AppendAsync(good, [NewStatus()], [NewExecution()]));

        Assert.Equal([AppendOutcome.Stored, AppendOutcome.Fenced, AppendOutcome.Stored], answers);
        Assert.Equal((3L, true), (good.LastSeq, old.IsFenced));
        Assert.Equal(1, (await storage.Streams.LoadAsync(first, Ct))!.LastSeq);
    }

    private static async Task<IEnumerable<string>> ContentsAsync(TestStorage storage, long chatId) =>
        (await storage.Log.ReadAsync(chatId, 0, 9, 9, Ct)).Select(message => message.Content);

    private static EventRecord NewStatus() =>
        new() { Execution = 1, Timestamp = DateTimeOffset.UnixEpoch, Status = StreamStatus.Running };

    private static Execution NewExecution() => new() { Number = 1, Status = StreamStatus.Running };

    private static Task<long> NewStreamAsync(TestStorage storage) =>
        storage.Streams.CreateAsync(Actor.System, null, "job", "alice", []);

    private static async Task<List<LogTail>> TailsAsync(TestStorage storage)
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, ChatCount).Select(
            i => storage.Chats.CreateAsync(Actor.System, null, $"chat {i}", "alice", [])));
        return [.. ids.Select(id => new LogTail(id, 0))];
    }
}
