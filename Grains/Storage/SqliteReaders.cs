using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace NewLoom.Grains.Storage;

/// <summary>All reads of this silo's tables: a few threads, each with its own read-only connection.</summary>
/// <remarks>A read sees everything that was durable when it began. SQLite blocks, so reads stay off the thread
/// pool.</remarks>
internal sealed class SqliteReaders : IDisposable
{
    private readonly SqliteFile _file;
    private readonly WorkQueue<IRead> _queue;
    private readonly SqliteThreads _threads;

    /// <summary>Creates the readers; <see cref="Start"/> starts them.</summary>
    public SqliteReaders(SqliteFile file, IOptions<StorageOptions> options)
    {
        _file = file;
        _queue = new WorkQueue<IRead>(options.Value.ReadQueueCount);
        _threads = new SqliteThreads("SQLite reader", options.Value.ReaderCount, Work);
    }

    private interface IRead
    {
        void Execute(SqliteSession session);

        void Fail(Exception error);
    }

    /// <summary>Starts the threads. Reads that were added before wait for them.</summary>
    public void Start() => _threads.Start();

    /// <summary>Refuses further reads, does those that wait, and ends.</summary>
    public Task StopAsync()
    {
        _queue.Close();
        return _threads.Ended;
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Close();

    /// <summary>Queues a read; all its queries see the same state of the database.</summary>
    /// <exception cref="StorageUnavailableException">The queue is full, the silo stops, or storage failed.</exception>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        var queued = new Read<T>(read, cancellationToken);
        return _queue.TryAdd(queued)
            ? queued.Done.WaitAsync(cancellationToken)
            : Task.FromException<T>(new StorageUnavailableException("The read queue is full or closed."));
    }

    private void Work()
    {
        SqliteSession? session = null;
        var next = new List<IRead>();
        while (_queue.Take(next, limit: 1))
        {
            try
            {
                session ??= new SqliteSession(_file.OpenReader());
                next[0].Execute(session);
            }
            catch (Exception e)
            {
                session?.Dispose();
                session = null;
                next[0].Fail(e is SqliteException sqlite ? SqliteErrors.ToUnavailable(sqlite) : e);
            }

            next.Clear();
        }

        session?.Dispose();
    }

    private sealed class Read<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken) : IRead
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Done => _done.Task;

        public void Execute(SqliteSession session)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                _done.TrySetCanceled(cancellationToken);
                return;
            }

            session.Execute("BEGIN");
            var result = read(session);
            session.Execute("COMMIT");
            _done.TrySetResult(result);
        }

        public void Fail(Exception error) => _done.TrySetException(error);
    }
}
