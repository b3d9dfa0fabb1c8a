using System.Data.Common;
using Microsoft.Extensions.Options;

namespace NewLoom.Grains.Storage;

/// <summary>All reads of this silo's tables: a few threads, each with its own connection.</summary>
/// <remarks>A read sees everything that was durable when it began. SQLite blocks, and so do the calls to a database
/// server here, so reads stay off the thread pool.</remarks>
internal sealed class StorageReaders : IDisposable
{
    private readonly Database _database;
    private readonly WorkQueue<IRead> _queue;
    private readonly StorageThreads _threads;

    /// <summary>Creates the readers; <see cref="Start"/> starts them.</summary>
    public StorageReaders(Database database, IOptions<StorageOptions> options)
    {
        _database = database;
        _queue = new WorkQueue<IRead>(options.Value.ReadQueueCount);
        _threads = new StorageThreads("Storage reader", options.Value.ReaderCount, Work);
    }

    private interface IRead
    {
        void Execute(DatabaseSession session);

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
    public Task<T> ReadAsync<T>(Func<DatabaseSession, T> read, CancellationToken cancellationToken)
    {
        var queued = new Read<T>(read, cancellationToken);
        return _queue.TryAdd(queued)
            ? queued.Done.WaitAsync(cancellationToken)
            : Task.FromException<T>(new StorageUnavailableException("The read queue is full or closed."));
    }

    private void Work()
    {
        DatabaseSession? session = null;
        var next = new List<IRead>();
        while (_queue.Take(next, limit: 1))
        {
            try
            {
                Execute(next[0], ref session);
            }
            catch (Exception e)
            {
                session?.Dispose();
                session = null;
                next[0].Fail(e is DbException ? new StorageUnavailableException(
                    $"The database cannot be used now: {e.Message}", e) : e);
            }

            next.Clear();
        }

        session?.Dispose();
    }

    private void Execute(IRead read, ref DatabaseSession? session)
    {
        try
        {
            session ??= _database.OpenReader();
            read.Execute(session);
        }
        catch (DbException) when (session is { IsBroken: true })
        {
            // The server was away since the last read: a new connection shows whether it still is.
            session.Dispose();
            session = null;
            session = _database.OpenReader();
            read.Execute(session);
        }
    }

    private sealed class Read<T>(Func<DatabaseSession, T> read, CancellationToken cancellationToken) : IRead
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Done => _done.Task;

        public void Execute(DatabaseSession session)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                _done.TrySetCanceled(cancellationToken);
                return;
            }

            session.BeginRead();
            var result = read(session);
            session.Commit();
            _done.TrySetResult(result);
        }

        public void Fail(Exception error) => _done.TrySetException(error);
    }
}
