using Microsoft.Data.Sqlite;

namespace NewLoom.Grains.Storage.Sqlite;

/// <summary>Which SQLite errors belong to one statement, and which mean that storage cannot work now.</summary>
/// <remarks>Codes: https://www.sqlite.org/rescode.html</remarks>
internal static class SqliteErrors
{
    private const int Error = 1;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int Range = 25;

    /// <summary>Whether only the statement is at fault. Everything else (full disk, I/O, busy, read-only, corrupt)
    /// is the storage's state.</summary>
    public static bool IsStatementError(SqliteException error) =>
        error.SqliteErrorCode is Error or TooBig or Constraint or Mismatch or Range;
}
