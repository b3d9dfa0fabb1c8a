using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace NewLoom.Grains.Storage.PostgreSql;

/// <summary>Orleans' reminder table, whose failures mean to callers what those of the other stores mean, and which
/// nobody waits for longer than for those.</summary>
/// <remarks>The service that asks it may be on another silo than the grain: a driver's exception cannot be sent
/// there.</remarks>
internal sealed class OutageReminderTable(IReminderTable table, TimeProvider time, IHostApplicationLifetime lifetime)
    : IReminderTable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Less than a grain call may take, so that the caller hears why.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => table.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken = default) => table.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ReminderTableData> ReadRows(GrainId grainId) => TryAsync(() => table.ReadRows(grainId));

    /// <inheritdoc/>
    /// <remarks>A silo reads its range so when it starts. If that fails, everybody who registers a reminder there waits
    /// for 20 s and is refused, until Orleans 10.4.2 reads again; that was more than a minute after the database was
    /// back (<c>Bench chaos</c>, seed 2026). So the database is waited for here, and nobody waits longer than it is
    /// away.</remarks>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        while (true)
        {
            try
            {
                return await TryAsync(() => table.ReadRows(begin, end));
            }
            catch (StorageUnavailableException) when (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                await Task.Delay(RetryDelay, time, lifetime.ApplicationStopping);
            }
        }
    }

    /// <inheritdoc/>
    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        TryAsync(() => table.ReadRow(grainId, reminderName));

    /// <inheritdoc/>
    public Task<string?> UpsertRow(ReminderEntry entry) => TryAsync(() => table.UpsertRow(entry));

    /// <inheritdoc/>
    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        TryAsync(() => table.RemoveRow(grainId, reminderName, eTag));

    /// <inheritdoc/>
    public Task TestOnlyClearTable() => table.TestOnlyClearTable();

    private async Task<T> TryAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().WaitAsync(Limit, time);
        }
        catch (Exception e) when (PostgreSqlErrors.IsOutage(e))
        {
            throw new StorageUnavailableException($"The database cannot be used now: {e.Message}");
        }
    }
}
