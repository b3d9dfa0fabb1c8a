using NewLoom.Audit;
using NewLoom.Grains.Storage;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Storage;

/// <summary>What callers see while the database cannot work, and that it recovers by itself.</summary>
public sealed class WriterFailureTests : IDisposable
{
    private readonly TestDatabase _database = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Append_IsUnavailableAndLeavesNoGap_WhenTheDatabaseIsLocked()
    {
        await using var storage = new TestStorage(_database);
        var tail = new LogTail(await storage.Chats.CreateAsync(Actor.System, null, "tea", "alice", []), 0);
        await storage.AppendAsync(tail, "one");

        await using (_database.Lock())
        {
            var started = TimeProvider.System.GetTimestamp();
            var results = Enumerable.Range(0, 10).Select(i => storage.AppendAsync(tail, $"lost {i}")).ToArray();
            foreach (var result in results)
            {
                await Assert.ThrowsAsync<StorageUnavailableException>(() => result);
            }

            Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
            Assert.Equal(1, tail.LastSeq);
            Assert.Single(await storage.Log.ReadAsync(tail.TopicId, 0, long.MaxValue, 10, Cancelled));
        }

        Assert.Equal(2, (await storage.AppendAsync(tail, "two")).Message!.Seq);
        Assert.False(tail.IsFenced);
    }

    [Fact]
    public async Task Append_IsUnavailableAtOnce_WhenTheQueueIsFull()
    {
        var storage = new TestStorage(
            _database, new StorageOptions { WriteQueueCount = 2 }, isStarted: false);
        var creation = storage.Chats.CreateAsync(Actor.System, 1, "tea", "alice", []);
        var tail = new LogTail(1, 0);
        var queued = storage.AppendAsync(tail, "one");
        var refused = storage.AppendAsync(tail, "two");

        Assert.True(refused.IsFaulted);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => refused);
        storage.Start();
        await creation;
        Assert.Equal(AppendOutcome.Stored, (await queued).Outcome);
        await storage.DisposeAsync();
    }

    [Fact]
    public async Task Stop_FinishesWhatIsQueued_AndRefusesMore()
    {
        var storage = new TestStorage(_database, isStarted: false);
        var creation = storage.Chats.CreateAsync(Actor.System, 1, "tea", "alice", []);
        var tail = new LogTail(1, 0);
        var queued = Enumerable.Range(0, 100).Select(i => storage.AppendAsync(tail, $"m{i}")).ToArray();
        storage.Start();
        await storage.DisposeAsync();

        Assert.True(creation.IsCompletedSuccessfully);
        Assert.All(queued, q => Assert.True(q.IsCompletedSuccessfully));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.AppendAsync(tail, "late"));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.Chats.LoadAsync(1, Cancelled));
    }

    [Fact]
    public async Task FailedWrite_LeavesTheOthersOfItsBatchAlone()
    {
        var storage = new TestStorage(_database, isStarted: false);
        var first = storage.Chats.CreateAsync(Actor.System, 1, "tea", "alice", ["bob"]);
        var bad = storage.Chats.CreateAsync(Actor.System, 2, null!, "alice", ["bob"]);
        var twice = storage.Chats.CreateAsync(Actor.System, 1, "again", "carol", ["bob"]);
        var append = storage.AppendAsync(new LogTail(1, 0), "one");
        storage.Start();

        Assert.Equal(1, await first);
        await Assert.ThrowsAnyAsync<Exception>(() => bad);
        await Assert.ThrowsAsync<InvalidOperationException>(() => twice);
        Assert.Equal(AppendOutcome.Stored, (await append).Outcome);
        Assert.Equal([1], await storage.Chats.ListChatIdsAsync("bob", 10, Cancelled));
        await storage.DisposeAsync();
    }

    [Fact]
    public async Task Append_IsUnavailableAndLeavesNoGap_WhenTheDiskIsFull()
    {
        using var disk = SmallDisk.TryMount(megabytes: 8);
        Assert.SkipWhen(disk is null, "This user may not mount a file system.");
        await using var storage = new TestStorage($"Data Source={disk!.Path}/newloom.db");
        var tail = new LogTail(await storage.Chats.CreateAsync(Actor.System, null, "tea", "alice", []), 0);
        await storage.AppendAsync(tail, "one");
        disk.Fill();
        var refused = false;
        while (!refused)    // the write-ahead log may still have room in its last pages
        {
            try
            {
                await storage.AppendAsync(tail, new string('x', 4_000));
            }
            catch (StorageUnavailableException)
            {
                refused = true;
            }
        }

        var stored = tail.LastSeq;
        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => storage.AppendAsync(tail, new string('x', 100_000)));
        Assert.Equal(stored, tail.LastSeq);
        Assert.Equal("one", (await storage.Log.ReadAsync(tail.TopicId, 0, 1, 1, Cancelled))[0].Content);

        disk.Empty();
        Assert.Equal(stored + 1, (await storage.AppendAsync(tail, "again")).Message!.Seq);
        Assert.Equal(stored + 1, (await storage.Chats.LoadAsync(tail.TopicId, Cancelled))!.LastSeq);
    }
}
