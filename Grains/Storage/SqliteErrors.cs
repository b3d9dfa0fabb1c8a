using Microsoft.Data.Sqlite;

namespace NewLoom.Grains.Storage;

/// <summary>Which SQLite errors belong to one statement, and which mean that storage cannot work now.</summary>
/// <remarks>Codes: https://www.sqlite.org/rescode.html</remarks>
internal static class SqliteErrors
{
    private const int Error = 1;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int Range = 25;
    private const int ConstraintForeignKey = 787;
    private const int ConstraintPrimaryKey = 1555;
    private const int ConstraintUnique = 2067;

    /// <summary>Whether only the statement is at fault. Everything else (full disk, I/O, busy, read-only, corrupt)
    /// is the storage's state.</summary>
    public static bool IsStatementError(SqliteException error) =>
        error.SqliteErrorCode is Error or TooBig or Constraint or Mismatch or Range;

    /// <summary>Whether a row stands in the way, or the row that it belongs to is gone.</summary>
    public static bool IsKeyConflict(SqliteException error) =>
        error.SqliteExtendedErrorCode is ConstraintForeignKey or ConstraintPrimaryKey or ConstraintUnique;

    /// <summary>The exception that callers get for a failed database.</summary>
    public static StorageUnavailableException ToUnavailable(SqliteException error) =>
        new($"The database cannot be used now: {error.Message}", error);
}
