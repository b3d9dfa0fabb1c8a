using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Grains.Storage.PostgreSql;
using NewLoom.Tests.Support;
using Npgsql;
using Orleans.Runtime;

namespace NewLoom.Tests.Storage;

/// <summary>Reminders while the database is away.</summary>
public sealed class OutageReminderTableTests
{
    private static readonly GrainId Stream = GrainId.Create("stream", "1");

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ArmedTime _time = new();
    private readonly FakeTable _table = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);

    private OutageReminderTable Table => new(_table, _time, _lifetime);

    [Theory]
    [InlineData(typeof(NpgsqlException))]
    [InlineData(typeof(NullReferenceException))]    // Npgsql's way to say that a connection broke
    public async Task Failure_IsOneThatCanBeSentToAnotherSilo(Type type)
    {
        _table.Answer = Task.FromException<ReminderTableData>((Exception)Activator.CreateInstance(type, "away")!);
        var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() => Table.ReadRows(Stream));
        Assert.Contains("away", failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.InnerException);
    }

    [Fact]
    public async Task Wait_HasALimit()
    {
        _table.Answer = new TaskCompletionSource<ReminderTableData>().Task;
        var read = Table.ReadRows(Stream);
        _time.Advance(TimeSpan.FromSeconds(4));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => read);
    }

    [Fact]
    public async Task Range_IsReadWhenTheDatabaseIsBack()
    {
        _table.Answer = Task.FromException<ReminderTableData>(new NpgsqlException("away"));
        var read = Table.ReadRows(0, 1);
        await _time.WaitForTimersAsync(1, _ct);
        Assert.False(read.IsCompleted);

        var rows = new ReminderTableData();
        _table.Answer = Task.FromResult(rows);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(rows, await read);
    }

    [Fact]
    public async Task Range_IsNotWaitedFor_WhenTheSiloStops()
    {
        _table.Answer = Task.FromException<ReminderTableData>(new NpgsqlException("away"));
        var read = Table.ReadRows(0, 1);
        await _time.WaitForTimersAsync(1, _ct);
        _lifetime.StopApplication();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Table.ReadRows(0, 1));
    }

    private sealed class FakeTable : IReminderTable
    {
        public Task<ReminderTableData> Answer { get; set; } = Task.FromResult(new ReminderTableData());

        public Task<ReminderTableData> ReadRows(GrainId grainId) => Answer;

        public Task<ReminderTableData> ReadRows(uint begin, uint end) => Answer;

        public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => throw new NotSupportedException();

        public Task<string?> UpsertRow(ReminderEntry entry) => throw new NotSupportedException();

        public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
            throw new NotSupportedException();

        public Task TestOnlyClearTable() => throw new NotSupportedException();
    }
}
