using System.Data.Common;
using Npgsql;

namespace NewLoom.Grains.Storage.PostgreSql;

/// <summary>Which errors belong to one statement, and which mean that the database cannot work now.</summary>
/// <remarks>Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html</remarks>
internal static class PostgreSqlErrors
{
    /// <summary>Whether only the statement is at fault: its data (22), a constraint (23), a trigger (P0), a call that
    /// is wrong (42, 0A, 21). Everything else (connection, resources, shutdown, deadlock, time-outs) is the database's
    /// state.</summary>
    public static bool IsStatementError(Exception error) =>
        error is PostgresException { SqlState: var code } && code[..2] is "22" or "23" or "P0" or "42" or "0A" or "21";

    /// <summary>Whether a store of Orleans failed because the database cannot be used now.</summary>
    /// <remarks>For the last of them see <see cref="Broken"/>.</remarks>
    public static bool IsOutage(Exception error) => error is DbException or TimeoutException or NullReferenceException;

    /// <summary>What a NullReferenceException of Npgsql means.</summary>
    /// <remarks>When a connection breaks at the wrong moment, Npgsql 10 throws it out of its own reading (three times in
    /// 260 failures of <c>Bench chaos</c>, seed 2026).</remarks>
    public static NpgsqlException Broken(Exception error) => new("The connection broke.", error);

    /// <summary>Whether a server may only be starting, stopping, full or out of reach, so that trying again
    /// helps.</summary>
    public static bool IsPassing(Exception error) => error switch
    {
        PostgresException e => e.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.QueryCanceled,
        NpgsqlException or TimeoutException => true,
        _ => false,
    };
}
