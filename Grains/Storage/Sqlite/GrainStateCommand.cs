using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace NewLoom.Grains.Storage.Sqlite;

/// <summary>A statement of Orleans' grain storage that runs on the silo's own writer or readers.</summary>
/// <remarks>Only the call that grain storage makes works: <see cref="DbCommand.ExecuteReaderAsync()"/>.</remarks>
internal sealed class GrainStateCommand(StorageWriter writer, StorageReaders readers) : SqliteCommand
{
    /// <inheritdoc/>
    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(
        CommandBehavior behavior, CancellationToken cancellationToken)
    {
        var isRead = CommandText.AsSpan().TrimStart().StartsWith("SELECT", StringComparison.OrdinalIgnoreCase);
        var results = isRead
            ? await readers.ReadAsync(Run, cancellationToken)
            : await writer.WriteAsync(new StorageStatements<DataTable[]>(Run));
        return new DataTableReader(results);
    }

    private DataTable[] Run(DatabaseSession session) =>
        ((SqliteSession)session).QueryTables(
            CommandText, [.. Parameters.Cast<SqliteParameter>().Select(p => (p.ParameterName, p.Value))]);
}
