using System.Data.Common;
using System.Globalization;
using Orleans.Runtime;

namespace NewLoom.Grains.Storage.Sqlite;

/// <summary>Orleans' reminders in a SQLite file.</summary>
/// <remarks>Orleans ships no reminder table for SQLite, and the one in memory forgets when the process dies, which is
/// what reminders are there for.</remarks>
internal sealed class SqliteReminderTable(StorageWriter writer, StorageReaders readers) : IReminderTable
{
    private const string Select = "SELECT grain_id, name, start_at, period, version FROM reminders ";

    /// <inheritdoc/>
    public Task<ReminderTableData> ReadRows(GrainId grainId) =>
        ReadAsync($"{Select} WHERE grain_id = @grain", ("@grain", grainId.ToString()));

    /// <inheritdoc/>
    public Task<ReminderTableData> ReadRows(uint begin, uint end) => ReadAsync(
        begin < end
            ? $"{Select} WHERE grain_hash > @begin AND grain_hash <= @end"
            : $"{Select} WHERE grain_hash > @begin OR grain_hash <= @end",
        ("@begin", (long)begin),
        ("@end", (long)end));

    /// <inheritdoc/>
    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        var found = await ReadAsync(
            $"{Select} WHERE grain_id = @grain AND name = @name",
            ("@grain", grainId.ToString()),
            ("@name", reminderName));
        return found.Reminders.SingleOrDefault();
    }

    /// <inheritdoc/>
    public Task<string?> UpsertRow(ReminderEntry entry) => writer.WriteAsync(new StorageStatements<string?>(
        session => session.Query(
            """
            INSERT INTO reminders (grain_id, name, grain_hash, start_at, period, version)
            VALUES (@grain, @name, @hash, @start, @period, 0)
            ON CONFLICT (grain_id, name) DO UPDATE SET
                start_at = excluded.start_at, period = excluded.period, version = version + 1
            RETURNING version
            """,
            row => ToETag(row.GetInt64(0)),
            ("@grain", entry.GrainId.ToString()),
            ("@name", entry.ReminderName),
            ("@hash", (long)entry.GrainId.GetUniformHashCode()),
            ("@start", entry.StartAt.Ticks),
            ("@period", entry.Period.Ticks)).Single()));

    /// <inheritdoc/>
    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        writer.WriteAsync(new StorageStatements<bool>(session => session.Execute(
            "DELETE FROM reminders WHERE grain_id = @grain AND name = @name AND version = @version",
            ("@grain", grainId.ToString()),
            ("@name", reminderName),
            ("@version", long.Parse(eTag, CultureInfo.InvariantCulture))) == 1));

    /// <inheritdoc/>
    public Task TestOnlyClearTable() =>
        writer.WriteAsync(new StorageStatements<int>(session => session.Execute("DELETE FROM reminders")));

    private static string ToETag(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static ReminderEntry Read(DbDataReader row) => new()
    {
        GrainId = GrainId.Parse(row.GetString(0)),
        ReminderName = row.GetString(1),
        StartAt = new DateTime(row.GetInt64(2), DateTimeKind.Utc),
        Period = TimeSpan.FromTicks(row.GetInt64(3)),
        ETag = ToETag(row.GetInt64(4)),
    };

    private async Task<ReminderTableData> ReadAsync(string sql, params (string Name, object? Value)[] parameters) =>
        new(await readers.ReadAsync(session => session.Query(sql, Read, parameters), CancellationToken.None));
}
