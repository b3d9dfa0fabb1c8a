using System.Data.Common;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Django's database, of whichever kind it is.</summary>
internal interface IDjangoDatabase
{
    /// <summary>The first row, or null when there is none.</summary>
    /// <param name="sql">A query with one parameter, <c>@key</c>.</param>
    /// <param name="key">Its value.</param>
    /// <param name="read">Reads the row.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DbException">The query failed.</exception>
    Task<T?> FindAsync<T>(string sql, object key, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        where T : class;
}
