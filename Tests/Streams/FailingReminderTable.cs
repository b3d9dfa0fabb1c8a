using Orleans.Runtime;

namespace NewLoom.Tests.Streams;

/// <summary>A real table of reminders whose writes fail while <see cref="IsBroken"/>.</summary>
internal sealed class FailingReminderTable(IReminderTable table) : IReminderTable
{
    public bool IsBroken { get; set; }

    public Task StartAsync(CancellationToken cancellationToken) => table.StartAsync(cancellationToken);

    public Task<ReminderTableData> ReadRows(GrainId grainId) => table.ReadRows(grainId);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => table.ReadRows(begin, end);

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => table.ReadRow(grainId, reminderName)!;

    public Task<string?> UpsertRow(ReminderEntry entry) => IsBroken ? Broken<string?>() : table.UpsertRow(entry)!;

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        IsBroken ? Broken<bool>() : table.RemoveRow(grainId, reminderName, eTag);

    public Task TestOnlyClearTable() => table.TestOnlyClearTable();

    private static Task<T> Broken<T>() =>
        Task.FromException<T>(new StorageUnavailableException("Broken for the test."));
}
