using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace NewLoom.Tests.Support;

/// <summary>A database of its own for a test or a process: a SQLite file, or with
/// <c>NEWLOOM_TEST_STORAGE=PostgreSql</c> a database on the run's server.</summary>
public sealed class TestDatabase : IDisposable
{
    private const string StorageVariable = "NEWLOOM_TEST_STORAGE";

    private readonly DirectoryInfo? _folder;

    /// <param name="isFile">A SQLite file, or a database on the server, whatever the run is on: the test is about
    /// that.</param>
    public TestDatabase(bool? isFile = null)
    {
        IsFile = isFile ?? !IsPostgreSql;
        if (IsFile)
        {
            _folder = Directory.CreateTempSubdirectory("newloom-test-");
            ConnectionString = $"Data Source={Path}";
        }
        else
        {
            ConnectionString = SharedPostgres.CreateDatabase();
        }
    }

    /// <summary>Whether this run is on PostgreSQL.</summary>
    public static bool IsPostgreSql { get; } = Environment.GetEnvironmentVariable(StorageVariable) switch
    {
        null or "" or "Sqlite" => false,
        "PostgreSql" => true,
        var other => throw new InvalidOperationException(
            $"{StorageVariable} must be Sqlite or PostgreSql, but is '{other}'."),
    };

    /// <summary>Whether it is a SQLite file.</summary>
    public bool IsFile { get; }

    /// <summary>The file.</summary>
    public string Path => System.IO.Path.Combine(
        _folder?.FullName ?? throw new InvalidOperationException("There is no file."), "newloom.db");

    public string ConnectionString { get; }

    /// <summary>The environment of a process that uses it.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["NewLoom__Storage"] = IsFile ? "Sqlite" : "PostgreSql",
        ["ConnectionStrings__NewLoom"] = ConnectionString,
    };

    /// <summary>Opens a connection past the code under test.</summary>
    public DbConnection Open()
    {
        DbConnection connection = IsFile
            ? new SqliteConnection($"{ConnectionString};Pooling=False")
            : new NpgsqlConnection($"{ConnectionString};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>Runs a statement past the code under test.</summary>
    /// <returns>The first column of its first row.</returns>
    public object? Execute(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Keeps everybody from writing until the result is disposed.</summary>
    public DbConnection Lock() => IsFile ? LockFile(ConnectionString) : LockTables();

    /// <summary>Holds a file's write lock from another connection until it is disposed.</summary>
    public static DbConnection LockFile(string connectionString)
    {
        var connection = new SqliteConnection($"{connectionString};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        return connection;
    }

    public void Dispose()
    {
        if (_folder is not null)
        {
            _folder.Delete(recursive: true);
        }
        else
        {
            SharedPostgres.Server.DropDatabase(ConnectionString);
        }
    }

    private DbConnection LockTables()
    {
        var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            BEGIN;
            LOCK TABLE chats, chat_members, messages, streams, stream_rights, executions, stream_events, audit,
                orleansstorage IN EXCLUSIVE MODE
            """;
        command.ExecuteNonQuery();
        return connection;
    }
}
