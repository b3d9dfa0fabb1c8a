using System.Data.Common;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Django's database when it is PostgreSQL.</summary>
internal sealed class PostgreSqlDjango(IOptions<DjangoOptions> options) : IDjangoDatabase, IDisposable
{
    /// <summary>For a connection, and again for the query.</summary>
    private const int TimeoutSeconds = 5;

    private readonly NpgsqlDataSource _source = Open(options.Value.ConnectionString);

    public async Task<T?> FindAsync<T>(
        string sql, object key, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        where T : class
    {
        await using var command = _source.CreateCommand(sql);
        command.Parameters.AddWithValue("key", key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? read(reader) : null;
    }

    public void Dispose() => _source.Dispose();

    private static NpgsqlDataSource Open(string connectionString)
    {
        var limited = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Timeout = TimeoutSeconds,
            CommandTimeout = TimeoutSeconds,
            PersistSecurityInfo = false,    // metrics name the connection string
        };
        return NpgsqlDataSource.Create(limited);
    }
}
