using System.Reflection;
using DbUp;
using DbUp.Engine;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace NewLoom.Grains.Storage.PostgreSql;

/// <summary>Brings a PostgreSQL database to this version's schema.</summary>
/// <remarks>Scripts only add, so that silos of the version before go on working while others are already this
/// one.</remarks>
public static partial class PostgreSqlMigrations
{
    private const string JournalTable = "schema_versions";
    private const string ScriptFolder = "PostgreSql/";

    /// <summary>Whoever migrates holds this advisory lock: "NewLoom" in ASCII.</summary>
    private const long LockId = 0x4E65774C6F6F6D;

    /// <summary>How long somebody else may migrate before it is said that this one waits.</summary>
    private const int LockTimeoutSeconds = 30;

    // A script may take longer than any other statement is allowed to.
    private const int ScriptTimeoutSeconds = 600;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(3);

    /// <summary>Runs the scripts that the database has not had yet, all of them or none. Many silos may call it at once:
    /// one works, the others wait. While the database cannot be reached it tries again, with a line in the log each
    /// time.</summary>
    /// <exception cref="StorageSetupException">The database cannot be used, or belongs to a newer version.</exception>
    public static async Task ApplyAsync(
        string connectionString, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        var connection = PostgreSqlSource.Parse(connectionString);
        connection.Pooling = false;
        connection.CommandTimeout = ScriptTimeoutSeconds;
        while (true)
        {
            try
            {
                await ApplyOnceAsync(connection, logger, cancellationToken);
                return;
            }
            catch (Exception e) when (PostgreSqlErrors.IsPassing(e) && !cancellationToken.IsCancellationRequested)
            {
                Log.Unreachable(logger, PostgreSqlSource.NameOf(connection), OneLine(e.Message), RetryInterval.TotalSeconds);
                await Task.Delay(RetryInterval, time, cancellationToken);
            }
            catch (PostgresException e)
            {
                throw new StorageSetupException(
                    $"The database {PostgreSqlSource.NameOf(connection)} (ConnectionStrings:NewLoom) cannot be used: " +
                    OneLine(e.MessageText),
                    e);
            }
        }
    }

    private static async Task ApplyOnceAsync(
        NpgsqlConnectionStringBuilder connection, ILogger logger, CancellationToken cancellationToken)
    {
        await using var holder = new NpgsqlConnection(connection.ConnectionString);
        await holder.OpenAsync(cancellationToken);
        await using (var take = new NpgsqlCommand($"SELECT pg_advisory_lock({LockId})", holder))
        {
            take.CommandTimeout = LockTimeoutSeconds;
            await take.ExecuteNonQueryAsync(cancellationToken);
        }

        Upgrade(connection, logger);    // the lock ends with the connection that holds it
    }

    private static void Upgrade(NpgsqlConnectionStringBuilder connection, ILogger logger)
    {
        var engine = DeployChanges.To
            .PostgresqlDatabase(connection.ConnectionString)
            .JournalToPostgresqlTable("public", JournalTable)
            .WithScriptsEmbeddedInAssembly(
                Assembly.GetExecutingAssembly(), name => name.StartsWith(ScriptFolder, StringComparison.Ordinal))
            .WithVariablesDisabled()
            .WithTransaction()
            .WithExecutionTimeout(TimeSpan.FromSeconds(ScriptTimeoutSeconds))
            .LogTo(logger)
            .Build();
        if (engine.GetExecutedButNotDiscoveredScripts() is [var unknown, ..])
        {
            throw new StorageSetupException(
                $"The database {PostgreSqlSource.NameOf(connection)} (ConnectionStrings:NewLoom) was made by a newer " +
                $"version of NewLoom: this one does not know its script {unknown}.");
        }

        var result = engine.PerformUpgrade();
        if (!result.Successful)
        {
            throw PostgreSqlErrors.IsPassing(result.Error)
                ? result.Error
                : new StorageSetupException(
                    $"The database {PostgreSqlSource.NameOf(connection)} (ConnectionStrings:NewLoom) cannot be brought " +
                    $"to this version: {OneLine(result.Error.Message)}",
                    result.Error);
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
