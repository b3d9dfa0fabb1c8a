using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace NewLoom.Grains.Storage;

/// <summary>A statement of Orleans' grain storage that runs on the silo's own writer or readers.</summary>
/// <remarks>Only the call that grain storage makes works: <see cref="DbCommand.ExecuteReaderAsync()"/>.</remarks>
internal sealed class GrainStateCommand(SqliteWriter writer, SqliteReaders readers) : SqliteCommand
{
    /// <inheritdoc/>
    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(
        CommandBehavior behavior, CancellationToken cancellationToken)
    {
        var isRead = CommandText.AsSpan().TrimStart().StartsWith("SELECT", StringComparison.OrdinalIgnoreCase);
        var results = isRead
            ? await readers.ReadAsync(Run, cancellationToken)
            : await writer.WriteAsync(new SqliteStatements<DataTable[]>(Run));
        return new DataTableReader(results);
    }

    private DataTable[] Run(SqliteSession session) =>
        session.QueryTables(
            CommandText, [.. Parameters.Cast<SqliteParameter>().Select(p => (p.ParameterName, p.Value))]);
}
