using Npgsql;

namespace NewLoom.Grains.Storage.PostgreSql;

/// <summary>How a process reaches its PostgreSQL database.</summary>
public static class PostgreSqlSource
{
    /// <summary>An example for messages.</summary>
    internal const string Example = "\"Host=db;Database=newloom;Username=newloom;Password=…\"";

    // What a connection string does not say itself. A server that vanishes is noticed within about ten seconds, wherever
    // a connection waits: for its handshake, for an answer, or for nothing at all.
    private const string Defaults =
        "Timeout=5;Command Timeout=8;Cancellation Timeout=1000;Tcp Keepalive=true;Tcp Keepalive Time=5;" +
        "Tcp Keepalive Interval=1;Maximum Pool Size=20;Max Auto Prepare=100;Application Name=newloom;";

    /// <summary>Opens the process's only pool of connections.</summary>
    /// <exception cref="StorageSetupException">It is not a connection string that names a server and a
    /// database.</exception>
    public static NpgsqlDataSource Create(string connectionString) =>
        new NpgsqlDataSourceBuilder(Parse(connectionString).ConnectionString).Build();

    /// <summary>Where the database is, without secrets.</summary>
    internal static string NameOf(NpgsqlConnectionStringBuilder connection) =>
        $"{connection.Database} on {connection.Host}:{connection.Port}";

    /// <summary>The connection string with what it does not say itself.</summary>
    internal static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        NpgsqlConnectionStringBuilder parsed;
        try
        {
            parsed = new NpgsqlConnectionStringBuilder(Defaults + connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            // Npgsql quotes what it does not understand, which may be a piece of the password.
            throw new StorageSetupException(
                $"ConnectionStrings:NewLoom is not a PostgreSQL connection string such as {Example}.", e);
        }

        return parsed is { Host.Length: > 0, Database.Length: > 0 }
            ? parsed
            : throw new StorageSetupException(
                $"ConnectionStrings:NewLoom must name a PostgreSQL server and a database, for example {Example}.");
    }
}
