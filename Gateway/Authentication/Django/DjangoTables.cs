using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>The rows of Django's tables that say who somebody is.</summary>
/// <remarks>Nothing is kept: what is logged out, deleted or changed there is seen here the next time.</remarks>
internal sealed class DjangoTables(IDjangoDatabase database)
{
    // Longer data is no session of a login, and is not even fetched.
    private const string SessionSql =
        "SELECT session_data, expire_date FROM django_session "
        + "WHERE session_key = @key AND length(session_data) < 500000";

    private const string UserSql = "SELECT username, password, is_active FROM auth_user WHERE id = @key";

    private const string TokenSql =
        "SELECT u.username, u.password, u.is_active FROM authtoken_token t "
        + "JOIN auth_user u ON u.id = t.user_id WHERE t.key = @key";

    private const int SqliteError = 1;    // https://www.sqlite.org/rescode.html#error

    /// <summary>A session that Django's database keeps.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be asked now.</exception>
    public Task<SessionRow?> FindSessionAsync(string key, CancellationToken cancellationToken) => FindAsync(
        SessionSql,
        key,
        row => new SessionRow(row.GetString(0), DateTime.SpecifyKind(row.GetDateTime(1), DateTimeKind.Utc)),
        cancellationToken);

    /// <summary>A user by primary key.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be asked now.</exception>
    public Task<UserRow?> FindUserAsync(long id, CancellationToken cancellationToken) =>
        FindAsync(UserSql, id, ReadUser, cancellationToken);

    /// <summary>The user of a REST framework token; null also where Django has no REST framework.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be asked now.</exception>
    public async Task<UserRow?> FindTokenUserAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(TokenSql, key, ReadUser, cancellationToken);
        }
        catch (StorageUnavailableException e) when (IsMissingTable(e.InnerException))
        {
            return null;
        }
    }

    private async Task<T?> FindAsync<T>(
        string sql, object key, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await database.FindAsync(sql, key, read, cancellationToken);
        }
        catch (Exception e) when (e is DbException or SocketException or IOException)
        {
            throw new StorageUnavailableException($"Django's database cannot be used now: {e.Message}", e);
        }
    }

    private static UserRow ReadUser(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetBoolean(2));

    private static bool IsMissingTable(Exception? e) => e switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UndefinedTable,
        SqliteException { SqliteErrorCode: SqliteError } sqlite =>
            sqlite.Message.Contains("no such table: authtoken_token", StringComparison.Ordinal),
        _ => false,
    };
}

/// <summary>A row of <c>django_session</c>.</summary>
/// <param name="Data">Signed; what <see cref="DjangoSigner.Unsign"/> reads.</param>
/// <param name="ExpiresAt">When it ends, UTC.</param>
internal sealed record SessionRow(string Data, DateTimeOffset ExpiresAt);

/// <summary>A row of <c>auth_user</c>.</summary>
/// <param name="Name">The username.</param>
/// <param name="Password">The password's hash, as Django stores it.</param>
/// <param name="IsActive">Whether the user may log in.</param>
internal sealed record UserRow(string Name, string Password, bool IsActive);
