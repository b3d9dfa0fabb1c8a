using Npgsql;

namespace NewLoom.Grains.Storage.PostgreSql;

/// <summary>A database on a PostgreSQL server.</summary>
internal sealed class PostgreSqlDatabase(NpgsqlDataSource source, MemberFence? fence = null) : Database
{
    // A transaction of a process that was frozen must end before the cluster gives the process up and others go on. And
    // a plan that was made when a table was empty must not outlive that: everything here is found by a key.
    private const string WriterSettings = """
        SET idle_in_transaction_session_timeout = '5s';
        SET statement_timeout = '5s';
        SET lock_timeout = '3s';
        SET enable_seqscan = off;
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
        """;

    private const string ReaderSettings = "SET statement_timeout = '5s'; SET enable_seqscan = off";

    /// <inheritdoc/>
    public override string Name { get; } =
        PostgreSqlSource.NameOf(new NpgsqlConnectionStringBuilder(source.ConnectionString));

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    public override DatabaseSession OpenWriter() => new PostgreSqlSession(Open(WriterSettings), fence);

    /// <inheritdoc/>
    public override DatabaseSession OpenReader() => new PostgreSqlSession(Open(ReaderSettings));

    /// <inheritdoc/>
    /// <remarks>Unless the server says itself, and stays, that it did not commit.</remarks>
    public override bool IsInDoubt(Exception commitError) =>
        commitError is not PostgresException { InvariantSeverity: "ERROR" };

    private NpgsqlConnection Open(string settings)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = source.OpenConnection();
            using var command = new NpgsqlCommand(settings, connection);
            command.ExecuteNonQuery();
            return connection;
        }
        catch (NullReferenceException e)
        {
            connection?.Dispose();
            throw PostgreSqlErrors.Broken(e);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }
}
