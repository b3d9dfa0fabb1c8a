using NewLoom.Audit;
using NewLoom.Chats;
using NewLoom.Grains.Storage;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Storage;

public sealed class MessageLogTests : IAsyncLifetime
{
    private readonly TestDatabase _database = new();
    private readonly TestStorage _storage;

    public MessageLogTests() => _storage = new TestStorage(_database);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task Append_GivesConsecutivePlaces_WhenManyCallersWriteToManyChats()
    {
        const int ChatCount = 5;
        const int MessageCount = 200;
        var tails = new List<LogTail>();
        for (var i = 0; i < ChatCount; i++)
        {
            tails.Add(await NewTailAsync());
        }

        await Task.WhenAll(tails.Select(async tail =>
        {
            await Task.Yield();
            var results = await Task.WhenAll(
                Enumerable.Range(1, MessageCount).Select(i => _storage.AppendAsync(tail, $"m{i}", $"c{i}")));
            Assert.All(results, r => Assert.Equal(AppendOutcome.Stored, r.Outcome));
        }));

        foreach (var tail in tails)
        {
            var stored = await _storage.Log.ReadAsync(tail.TopicId, 0, long.MaxValue, 1_000, Cancelled);
            Assert.Equal(Enumerable.Range(1, MessageCount).Select(i => $"m{i}"), stored.Select(m => m.Content));
            Assert.Equal(Enumerable.Range(1, MessageCount).Select(i => (long)i), stored.Select(m => m.Seq));
            Assert.Equal(stored.Select(m => m.Id).Order(), stored.Select(m => m.Id));
            Assert.Equal(MessageCount, tail.LastSeq);
        }
    }

    [Fact]
    public async Task Append_TellsTheStoredMessage()
    {
        var tail = await NewTailAsync();
        var result = await _storage.AppendAsync(tail, "hello", "c1");

        var message = Assert.IsType<ChatMessage>(result.Message);
        Assert.Equal(1000, message.Id);
        Assert.Equal(1_700_000_000_123, message.Timestamp.ToUnixTimeMilliseconds());
        Assert.Equal([message], await _storage.Log.ReadAsync(tail.TopicId, 0, 1, 10, Cancelled));
        Assert.Equal(1, await _storage.Log.FindSeqAsync(tail.TopicId, message.Id, Cancelled));
        Assert.Null(await _storage.Log.FindSeqAsync(tail.TopicId + 1, message.Id, Cancelled));
    }

    [Fact]
    public async Task Append_TellsTheFirstMessage_WhenTheClientIdIsRepeated()
    {
        var tail = await NewTailAsync();
        var appends = await Task.WhenAll(    // one batch or several: it must not matter
            _storage.AppendAsync(tail, "hello", "c1"),
            _storage.AppendAsync(tail, "hello", "c1"),
            _storage.AppendAsync(tail, "other", "c1"),
            _storage.AppendAsync(tail, "next", "c2"));

        Assert.Equal(
            [AppendOutcome.Stored, AppendOutcome.Repeat, AppendOutcome.Conflict, AppendOutcome.Stored],
            appends.Select(r => r.Outcome));
        Assert.Equal(appends[0].Message, appends[1].Message);
        Assert.Equal(2, appends[3].Message!.Seq);
        Assert.Equal(2, tail.LastSeq);
    }

    [Fact]
    public async Task Append_AddsAgain_WhenThereIsNoClientId_OrAnotherUser()
    {
        var tail = await NewTailAsync();
        await _storage.AppendAsync(tail, "hello");
        await _storage.AppendAsync(tail, "hello");
        await _storage.AppendAsync(tail, "hello", "c1");
        var other = await _storage.Log.AppendAsync(
            tail, TestStorage.Draft("hello", "c1", "bob"), DateTimeOffset.UnixEpoch);

        Assert.Equal(AppendOutcome.Stored, other.Outcome);
        Assert.Equal(4, other.Message!.Seq);
    }

    [Fact]
    public async Task Append_IsFenced_WhenAnotherTailHasWritten()
    {
        var old = await NewTailAsync();
        await _storage.AppendAsync(old, "one");
        var young = new LogTail(old.TopicId, old.LastSeq);
        await _storage.AppendAsync(young, "two");

        var results = await Task.WhenAll(_storage.AppendAsync(old, "late"), _storage.AppendAsync(old, "later"));

        Assert.All(results, r => Assert.Equal(AppendOutcome.Fenced, r.Outcome));
        Assert.True(old.IsFenced);
        Assert.Equal(1, old.LastSeq);
        Assert.Equal(AppendOutcome.Fenced, (await _storage.AppendAsync(old, "still")).Outcome);
        Assert.Equal(AppendOutcome.Stored, (await _storage.AppendAsync(young, "three")).Outcome);
        var page = await _storage.Log.ReadBackAsync(old.TopicId, long.MaxValue, 10, Cancelled);
        Assert.Equal(["one", "two", "three"], page.Messages.Select(m => m.Content));
    }

    [Fact]
    public async Task Append_IsFenced_WhenTheTailRunsAheadOfTheTable()
    {
        var tail = await NewTailAsync();
        var ahead = new LogTail(tail.TopicId, 7);

        Assert.Equal(AppendOutcome.Fenced, (await _storage.AppendAsync(ahead, "gap")).Outcome);
    }

    [Fact]
    public async Task Append_IsFenced_WhenTheChatWasDeletedMeanwhile()
    {
        var tail = await NewTailAsync();
        await _storage.AppendAsync(tail, "one");
        var deletion = _storage.Chats.DeleteAsync(Actor.System, tail.TopicId);
        var late = _storage.AppendAsync(tail, "late");
        await deletion;

        Assert.Equal(AppendOutcome.Fenced, (await late).Outcome);
        var left = await _storage.Log.ReadAsync(tail.TopicId, 0, long.MaxValue, 10, Cancelled);
        Assert.DoesNotContain("late", left.Select(message => message.Content));
    }

    [Fact]
    public async Task Reads_KeepTheirBounds()
    {
        var tail = await NewTailAsync();
        await Task.WhenAll(Enumerable.Range(1, 10).Select(i => _storage.AppendAsync(tail, $"m{i}")));

        Assert.Equal("4 5", await SeqsAsync(3, 5, 10));
        Assert.Equal("4 5 6", await SeqsAsync(3, 10, 3));
        Assert.Equal("", await SeqsAsync(10, 20, 3));
        Assert.Equal("8 9 10, more", await PageAsync(long.MaxValue, 3));
        Assert.Equal("1 2 3", await PageAsync(4, 3));
        Assert.Equal("2 3 4, more", await PageAsync(5, 3));
        Assert.Equal("1 2", await PageAsync(3, 3));
        Assert.Equal("", await PageAsync(1, 3));

        async Task<string> SeqsAsync(long after, long through, int limit) =>
            Seqs(await _storage.Log.ReadAsync(tail.TopicId, after, through, limit, Cancelled));

        async Task<string> PageAsync(long before, int limit)
        {
            var page = await _storage.Log.ReadBackAsync(tail.TopicId, before, limit, Cancelled);
            return Seqs(page.Messages) + (page.HasMore ? ", more" : "");
        }
    }

    private static string Seqs(IEnumerable<ChatMessage> messages) => string.Join(' ', messages.Select(m => m.Seq));

    private async Task<LogTail> NewTailAsync() =>
        new(await _storage.Chats.CreateAsync(Actor.System, null, "chat", "alice", []), 0);
}
