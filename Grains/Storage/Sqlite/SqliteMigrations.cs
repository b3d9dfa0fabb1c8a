using System.Reflection;
using DbUp;
using DbUp.Engine;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Storage.Sqlite;

/// <summary>Brings the database file to this version's schema.</summary>
public static class SqliteMigrations
{
    private const string JournalTable = "schema_versions";
    private const string ScriptFolder = "Sqlite/";

    // Another process may be migrating the same file: it holds the lock for as long as that takes.
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Creates the file and its folder when they are missing, and runs the scripts that it has not had yet:
    /// all of them or none. Call it before the silo starts; a repeat is harmless.</summary>
    /// <exception cref="StorageSetupException">The file cannot be used, or belongs to a newer version.</exception>
    public static void Apply(string connectionString, ILogger logger)
    {
        var file = new SqliteDatabase(connectionString);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
            SwitchToWriteAheadLog(file);
            Upgrade(file, logger);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageSetupException(
                $"The database file {file.Path} (ConnectionStrings:NewLoom) cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The full path of the file that a connection string names.</summary>
    /// <exception cref="StorageSetupException">It names none.</exception>
    public static string PathOf(string connectionString) => new SqliteDatabase(connectionString).Path;

    private static void SwitchToWriteAheadLog(SqliteDatabase file)
    {
        using var session = file.OpenWriter();
        session.Query("PRAGMA journal_mode = WAL", row => row.GetString(0));
    }

    private static void Upgrade(SqliteDatabase file, ILogger logger)
    {
        var connection = new SqliteConnectionStringBuilder(file.ConnectionString)
        {
            DefaultTimeout = (int)LockTimeout.TotalSeconds,
        };
        var engine = DeployChanges.To
            .SqliteDatabase(connection.ConnectionString)
            .JournalToSqliteTable(JournalTable)
            .WithScriptsEmbeddedInAssembly(
                Assembly.GetExecutingAssembly(), name => name.StartsWith(ScriptFolder, StringComparison.Ordinal))
            .WithVariablesDisabled()
            .WithTransaction()
            .LogTo(logger)
            .Build();
        RefuseNewer(engine, file);
        var result = engine.PerformUpgrade();
        if (!result.Successful)
        {
            throw new StorageSetupException(
                $"The database file {file.Path} (ConnectionStrings:NewLoom) cannot be brought to this version: " +
                result.Error.Message,
                result.Error);
        }
    }

    private static void RefuseNewer(UpgradeEngine engine, SqliteDatabase file)
    {
        if (engine.GetExecutedButNotDiscoveredScripts() is [var unknown, ..])
        {
            throw new StorageSetupException(
                $"The database file {file.Path} (ConnectionStrings:NewLoom) was made by a newer version of NewLoom: " +
                $"this one does not know its script {unknown}.");
        }
    }
}
