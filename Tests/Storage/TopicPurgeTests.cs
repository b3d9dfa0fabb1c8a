using NewLoom.Audit;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Streams;
using NewLoom.Streams;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Storage;

public sealed class TopicPurgeTests : IAsyncLifetime
{
    // Two whole slices and a part of a third.
    private const int RowCount = (2 * TopicPurge.SliceCount) + 7;

    private readonly TestDatabase _database = new();
    private readonly TestStorage _storage;

    public TopicPurgeTests() => _storage = new TestStorage(_database);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task Chats_LeaveTheTables_AndOthersStay()
    {
        var deleted = await CreateChatAsync();
        var other = await CreateChatAsync();
        await _storage.Chats.DeleteAsync(Actor.System, deleted);
        Assert.Equal(RowCount + 1L, CountMessages(deleted));    // and the one that closes the log

        await PurgeAsync();

        Assert.Equal(0L, CountMessages(deleted));
        Assert.Equal(RowCount, CountMessages(other));
        Assert.Equal(other, _database.Execute("SELECT max(id) FROM chats"));
        Assert.Equal(1L, _database.Execute("SELECT count(*) FROM chats"));
    }

    [Fact]
    public async Task Streams_LeaveTheTables_AndOthersStay()
    {
        var deleted = await CreateStreamAsync();
        var other = await CreateStreamAsync();
        await _storage.Streams.DeleteAsync(Actor.System, deleted);
        Assert.Null(await _storage.Streams.LoadAsync(deleted, Ct));
        Assert.Equal(
            [other], (await _storage.Streams.ListStreamsAsync("alice", 0, 10, Ct)).Select(stream => stream.StreamId));

        await PurgeAsync();

        foreach (var table in new[] { "stream_events", "executions" })
        {
            Assert.Equal(0L, _database.Execute($"SELECT count(*) FROM {table} WHERE stream_id = {deleted}"));
            Assert.Equal(RowCount, Convert.ToInt64(
                _database.Execute($"SELECT count(*) FROM {table} WHERE stream_id = {other}")));
        }

        Assert.Equal(1L, _database.Execute("SELECT count(*) FROM streams"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Append_ToADeletedChat_FindsNoPlace_WhateverItsActivationKnows(long knownSeq)
    {
        var chat = await _storage.Chats.CreateAsync(Actor.System, null, "tea", "alice", []);
        var tail = new LogTail(chat, 0);
        for (var i = 0; i < 3; i++)
        {
            await _storage.AppendAsync(tail, "hello");
        }

        await _storage.Chats.DeleteAsync(Actor.System, chat);

        Assert.Equal(AppendOutcome.Fenced, (await _storage.AppendAsync(new LogTail(chat, knownSeq), "late")).Outcome);
        await PurgeAsync();
        Assert.Equal(AppendOutcome.Fenced, (await _storage.AppendAsync(new LogTail(chat, knownSeq), "later")).Outcome);
        Assert.Equal(0L, CountMessages(chat));
    }

    [Fact]
    public async Task Append_FindsNoPlace_BetweenAnyTwoSlices()
    {
        const int Count = 6;
        var chat = await _storage.Chats.CreateAsync(Actor.System, null, "tea", "alice", []);
        var stream = await _storage.Streams.CreateAsync(Actor.System, null, "job", "alice", []);
        var (chatTail, streamTail) = (new LogTail(chat, 0), new LogTail(stream, 0));
        for (var i = 0; i < Count; i++)
        {
            await _storage.AppendAsync(chatTail, "hello");
            await ReportAsync(streamTail);
        }

        await _storage.Chats.DeleteAsync(Actor.System, chat);
        await _storage.Streams.DeleteAsync(Actor.System, stream);
        var sliceCount = 0;
        do
        {
            for (var knownSeq = 0; knownSeq <= Count; knownSeq++)
            {
                Assert.Equal(
                    AppendOutcome.Fenced, (await _storage.AppendAsync(new LogTail(chat, knownSeq), "late")).Outcome);
                Assert.Equal(AppendOutcome.Fenced, await ReportAsync(new LogTail(stream, knownSeq)));
            }

            sliceCount++;
        }
        while (await _storage.DeleteSliceAsync(TopicDeletion.Chats, rowCount: 2)
            | await _storage.DeleteSliceAsync(TopicDeletion.Streams, rowCount: 2));
        Assert.InRange(sliceCount, Count / 2, 2 * Count);
    }

    [Fact]
    public async Task ChatWithAGivenId_IsCreatedAgain_InTheMiddleOfAPurge()
    {
        await _storage.Chats.CreateAsync(Actor.System, 7, "tea", "alice", []);
        var tail = new LogTail(7, 0);
        await _storage.AppendAsync(tail, "one");
        await _storage.AppendAsync(tail, "two");
        await _storage.Chats.DeleteAsync(Actor.System, 7);
        Assert.True(await _storage.DeleteSliceAsync(TopicDeletion.Chats, rowCount: 1));

        await _storage.Chats.CreateAsync(Actor.System, 7, "tea again", "alice", []);
        await _storage.AppendAsync(new LogTail(7, 0), "three");
        Assert.False(await _storage.DeleteSliceAsync(TopicDeletion.Chats, rowCount: 1));
        Assert.Equal("three", Assert.Single(await _storage.Log.ReadAsync(7, 0, 10, 10, Ct)).Content);
    }

    [Fact]
    public async Task DeletedChat_ShowsNoMessageOfNobody()
    {
        var chat = await _storage.Chats.CreateAsync(Actor.System, null, "tea", "alice", []);
        await _storage.AppendAsync(new LogTail(chat, 0), "hello");
        await _storage.Chats.DeleteAsync(Actor.System, chat);

        var page = await _storage.Log.ReadBackAsync(chat, long.MaxValue, 10, Ct);
        Assert.Equal(["hello"], page.Messages.Select(message => message.Content));
    }

    [Fact]
    public async Task Append_ToADeletedChatWithoutMessages_FindsNoPlace()
    {
        var chat = await _storage.Chats.CreateAsync(Actor.System, null, "tea", "alice", []);
        await _storage.Chats.DeleteAsync(Actor.System, chat);
        Assert.Equal(AppendOutcome.Fenced, (await _storage.AppendAsync(new LogTail(chat, 0), "late")).Outcome);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Report_ToADeletedStream_FindsNoPlace_WhateverItsActivationKnows(long knownSeq)
    {
        var stream = await _storage.Streams.CreateAsync(Actor.System, null, "job", "alice", []);
        var tail = new LogTail(stream, 0);
        await ReportAsync(tail);
        await ReportAsync(tail);
        await _storage.Streams.DeleteAsync(Actor.System, stream);

        Assert.Equal(AppendOutcome.Fenced, await ReportAsync(new LogTail(stream, knownSeq)));
        await PurgeAsync();
        Assert.Equal(AppendOutcome.Fenced, await ReportAsync(new LogTail(stream, knownSeq)));
    }

    [Fact]
    public async Task WhatIsDeleted_TakesNobodyIn()
    {
        var chat = await CreateChatAsync();
        var stream = await CreateStreamAsync();
        await _storage.Chats.DeleteAsync(Actor.System, chat);
        await _storage.Streams.DeleteAsync(Actor.System, stream);

        await _storage.Chats.AddMemberAsync(Actor.System, chat, "bob");
        await _storage.Chats.RemoveMemberAsync(Actor.System, chat, "alice", "bob");
        await _storage.Streams.SetRightsAsync(Actor.System, stream, new RightsRecord("bob", true, true), "bob");

        Assert.Empty(await _storage.Chats.ListChatIdsAsync("bob", 10, Ct));
        Assert.Empty(await _storage.Streams.ListStreamsAsync("bob", 0, 10, Ct));
    }

    private Task<AppendOutcome> ReportAsync(LogTail tail) => _storage.Streams.AppendAsync(
        tail,
        [
            new EventRecord
            {
                Execution = 1, Timestamp = DateTimeOffset.UnixEpoch, ErrorMessage = "broken", ErrorCode = "E1",
            },
        ],
        []);

    private long CountMessages(long chatId) =>
        (long)_database.Execute($"SELECT count(*) FROM messages WHERE chat_id = {chatId}")!;

    private async Task<long> CreateChatAsync()
    {
        var chat = await _storage.Chats.CreateAsync(Actor.System, null, "tea", "alice", ["bob"]);
        Fill("messages (chat_id, sender, content, timestamp, seq)", $"{chat}, 'alice', 'hello', 0", from: 1);
        return chat;
    }

    private async Task<long> CreateStreamAsync()
    {
        var stream = await _storage.Streams.CreateAsync(Actor.System, null, "job", "alice", []);
        Fill("stream_events (stream_id, execution, timestamp, seq)", $"{stream}, 1, 0", from: 1);
        Fill("executions (stream_id, status, number)", $"{stream}, {(int)StreamStatus.Completed}", from: 2);
        return stream;
    }

    private void Fill(string columns, string values, int from) => _database.Execute(
        $"""
        INSERT INTO {columns}
        WITH RECURSIVE n (i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {RowCount})
        SELECT {values}, i FROM n
        """);

    private async Task PurgeAsync()
    {
        var time = new ArmedTime();
        using var purge = _storage.CreatePurge(time);
        await purge.StartAsync(Ct);
        await time.WaitForTimersAsync(1, Ct);
        time.Advance(TopicPurge.Pause);
        await time.WaitForTimersAsync(1, Ct);    // it waits again
        await purge.StopAsync(Ct);
    }
}
