using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace NewLoom.Grains.Storage.Sqlite;

/// <summary>One connection to the file with its prepared commands.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : DatabaseSession
{
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    /// <inheritdoc/>
    public override void BeginRead() => Execute("BEGIN");

    /// <inheritdoc/>
    public override void BeginWrite() => Execute("BEGIN IMMEDIATE");

    /// <inheritdoc/>
    public override void Commit() => Execute("COMMIT");

    /// <inheritdoc/>
    public override int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Bind(sql, parameters).ExecuteNonQuery();

    /// <inheritdoc/>
    public override long? Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Execute(sql, parameters) == 1 ? SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle) : null;

    /// <inheritdoc/>
    public override List<T> Query<T>(
        string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var rows = new List<T>();
        using var reader = Bind(sql, parameters).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Runs a script to its end.</summary>
    /// <returns>A table for each statement that returns rows.</returns>
    public DataTable[] QueryTables(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var tables = new List<DataTable>();
        using var reader = Bind(sql, parameters).ExecuteReader();
        do
        {
            var table = new DataTable();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                table.Columns.Add(reader.GetName(i), typeof(object));
            }

            while (reader.Read())
            {
                var row = new object[reader.FieldCount];
                reader.GetValues(row);
                table.Rows.Add(row);
            }

            tables.Add(table);
        }
        while (reader.NextResult());

        return [.. tables];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    /// <inheritdoc/>
    protected override bool IsOfOneWrite(Exception error) =>
        error is not SqliteException sqlite || SqliteErrors.IsStatementError(sqlite);

    /// <inheritdoc/>
    protected override void Save() => Execute("SAVEPOINT item");

    /// <inheritdoc/>
    protected override void Undo()
    {
        Execute("ROLLBACK TO item");
        Execute("RELEASE item");
    }

    /// <inheritdoc/>
    protected override void Release() => Execute("RELEASE item");

    private SqliteCommand Bind(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql
                .Replace("greatest(", "max(", StringComparison.Ordinal)
                .Replace(" FOR UPDATE SKIP LOCKED", "", StringComparison.Ordinal);    // nobody else writes here
            foreach (var (name, _) in parameters)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            command.Prepare();
            _commands.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        }

        return command;
    }
}
