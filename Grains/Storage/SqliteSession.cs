using System.Data;
using Microsoft.Data.Sqlite;

namespace NewLoom.Grains.Storage;

/// <summary>One connection with its prepared commands; used by one thread.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    /// <summary>The id of the row that was inserted last.</summary>
    public long LastInsertId => SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle);

    /// <summary>Runs a statement that returns no rows.</summary>
    /// <returns>How many rows it changed, those of triggers and cascades apart.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Bind(sql, parameters).ExecuteNonQuery();

    /// <summary>Runs a query to its end.</summary>
    public List<T> Query<T>(
        string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
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
    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
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
