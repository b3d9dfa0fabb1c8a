using NewLoom.Tests.Storage;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Durability;

/// <summary>A database that cannot be written: senders are told, nobody sees what is not stored, and the service goes
/// on by itself when the cause is gone.</summary>
public sealed class StorageFailureTests : IAsyncDisposable
{
    private const int RefusedCount = 3;    // a locked database takes 2 s to refuse each

    private readonly SmallDisk? _disk = SmallDisk.TryMount(megabytes: 16);
    private ServiceProcess? _service;

    private string ConnectionString => $"Data Source={_disk!.Path}/newloom.db";

    public async ValueTask DisposeAsync()
    {
        await (_service?.DisposeAsync() ?? ValueTask.CompletedTask);
        _disk?.Dispose();
    }

    [Fact]
    public async Task Senders_AreToldAndServedAgain_WhenTheDiskWasFull()
    {
        await using var chat = await StartAsync();
        _disk!.Fill();

        // The write-ahead log may have room in its last pages.
        var room = 0;
        while (await chat.SendAsync(new string('x', 3_900)) && ++room < 2_000)
        {
        }

        await AssertRefusedAndServedAgainAsync(chat, _disk.Empty);
    }

    [Fact]
    public async Task Senders_AreToldAndServedAgain_WhenTheDatabaseWasLocked()
    {
        await using var chat = await StartAsync();
        await using var hold = TestDatabase.LockFile(ConnectionString);

        await AssertRefusedAndServedAgainAsync(chat, hold.Dispose);
    }

    [Fact]
    public async Task Senders_AreToldAndServedAgain_WhenTheDatabaseWasReadOnly()
    {
        await using var chat = await StartAsync();
        IDisposable readOnly;
        await using (TestDatabase.LockFile(ConnectionString))
        {
            // A refused write makes the service open the file anew, when it can only be read.
            Assert.False(await chat.SendAsync("locked"));
            readOnly = _disk!.MakeReadOnly();
        }

        await AssertRefusedAndServedAgainAsync(chat, readOnly.Dispose);
    }

    private async Task<ProbedChat> StartAsync()
    {
        Assert.SkipWhen(
            _disk is null && Environment.GetEnvironmentVariable("NEWLOOM_REQUIRE_ALL") != "1",
            "This user may not mount a file system.");
        Assert.NotNull(_disk);
        _service = new ServiceProcess(
            new Dictionary<string, string?>(Load.Limits) { ["ConnectionStrings__NewLoom"] = ConnectionString },
            isOnFile: true);
        await _service.StartAsync(TestContext.Current.CancellationToken);
        var chat = await ProbedChat.OpenAsync(_service);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(await chat.SendAsync("before"));
        }

        return chat;
    }

    private async Task AssertRefusedAndServedAgainAsync(ProbedChat chat, Action cure)
    {
        await chat.AssertAllRefusedAsync(RefusedCount);
        await chat.AssertOnlyConfirmedAsync();

        cure();

        await chat.AssertRefusedAreStoredAsync();
        Assert.True(await chat.SendAsync("after"));
        await chat.AssertOnlyConfirmedAsync();
        Assert.False(_service!.Process.HasExited);
    }
}
