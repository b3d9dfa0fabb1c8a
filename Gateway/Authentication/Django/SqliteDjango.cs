using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Django's database when it is a SQLite file.</summary>
/// <remarks>SQLite blocks, also while Django writes, so that queries have a thread of their own. Each opens the file
/// anew: a kept connection would go on reading a file that has been replaced.</remarks>
internal sealed class SqliteDjango : IDjangoDatabase, IDisposable
{
    private const int TimeoutSeconds = 5;
    private const int WaitingCountMax = 1_000;

    private readonly string _connectionString;
    private readonly TimeProvider _time;
    private readonly BlockingCollection<Action> _waiting = new(WaitingCountMax);

    public SqliteDjango(IOptions<DjangoOptions> options, TimeProvider time)
    {
        _connectionString = new SqliteConnectionStringBuilder(options.Value.ConnectionString)
        {
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = TimeoutSeconds,
        }.ConnectionString;
        _time = time;
        new Thread(Work) { Name = "Django SQLite reader", IsBackground = true }.Start();
    }

    /// <exception cref="TimeoutException">It did not come to the query in time.</exception>
    public async Task<T?> FindAsync<T>(
        string sql, object key, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        where T : class
    {
        var found = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.TryAdd(() => Complete(found, sql, key, read)))
        {
            throw new TimeoutException("Too many queries wait for Django's database.");
        }

        try
        {
            return await found.Task.WaitAsync(TimeSpan.FromSeconds(TimeoutSeconds), _time, cancellationToken);
        }
        finally
        {
            found.TrySetCanceled(CancellationToken.None);    // not begun yet: nobody waits for it any more
        }
    }

    public void Dispose() => _waiting.CompleteAdding();

    private void Work()
    {
        foreach (var query in _waiting.GetConsumingEnumerable())
        {
            query();
        }
    }

    private void Complete<T>(TaskCompletionSource<T?> found, string sql, object key, Func<DbDataReader, T> read)
        where T : class
    {
        if (found.Task.IsCompleted)
        {
            return;
        }

        try
        {
            found.TrySetResult(Find(sql, key, read));
        }
        catch (Exception e)
        {
            found.TrySetException(e);    // the thread outlives every query; who asked gets the error
        }
    }

    private T? Find<T>(string sql, object key, Func<DbDataReader, T> read)
        where T : class
    {
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@key", key);
        using var reader = command.ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }
}
