using Microsoft.Data.Sqlite;

namespace NewLoom.Grains.Storage.Sqlite;

/// <summary>The database file: how connections to it are opened.</summary>
/// <remarks>A locked database gives up after <see cref="BusyTimeout"/>. SQLite itself waits that long
/// (busy_timeout), with pauses of 1 to 100 ms. Microsoft.Data.Sqlite would wait again, in sleeps of 150 ms, until the
/// command timeout: that is 1 s, has passed by then, and so never adds anything.</remarks>
internal sealed class SqliteDatabase : Database
{
    /// <summary>How long a statement waits for another connection's lock.</summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(2);

    private const int CommandTimeoutSeconds = 1;

    private readonly SqliteConnectionStringBuilder _connection;

    /// <summary>Reads a connection string; only its <c>Data Source</c> is kept.</summary>
    /// <exception cref="StorageSetupException">It names no file.</exception>
    public SqliteDatabase(string connectionString)
    {
        string source;
        try
        {
            source = new SqliteConnectionStringBuilder(connectionString).DataSource;
        }
        catch (ArgumentException e)
        {
            throw new StorageSetupException(
                $"ConnectionStrings:NewLoom is not a SQLite connection string: {e.Message}", e);
        }

        var isFile = source.Length > 0
            && !source.StartsWith(':')
            && !source.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        if (!isFile)
        {
            throw new StorageSetupException(
                "ConnectionStrings:NewLoom must name a database file, for example \"Data Source=data/newloom.db\".");
        }

        Path = System.IO.Path.GetFullPath(source);
        _connection = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            DefaultTimeout = CommandTimeoutSeconds,
            ForeignKeys = true,
            Pooling = false,
        };
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override string Name => Path;

    /// <summary>The connection string of <see cref="OpenWriter"/>.</summary>
    public string ConnectionString => _connection.ConnectionString;

    /// <inheritdoc/>
    /// <remarks>Creates the file.</remarks>
    public override DatabaseSession OpenWriter() => new SqliteSession(Open(SqliteOpenMode.ReadWriteCreate));

    /// <inheritdoc/>
    public override DatabaseSession OpenReader() => new SqliteSession(Open(SqliteOpenMode.ReadOnly));

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var builder = new SqliteConnectionStringBuilder(_connection.ConnectionString) { Mode = mode };
        var connection = new SqliteConnection(builder.ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                $"PRAGMA busy_timeout = {(int)BusyTimeout.TotalMilliseconds}; PRAGMA synchronous = FULL;";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
