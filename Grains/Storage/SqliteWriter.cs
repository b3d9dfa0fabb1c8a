using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace NewLoom.Grains.Storage;

/// <summary>All writes of this silo: one thread, one connection, one transaction for everything that waits.</summary>
/// <remarks>The next batch forms while the last one commits, so the cost of reaching the disk is shared by all who
/// wait. Writes take effect in the order in which they were added. Its thread is its own because SQLite blocks, and a
/// blocked thread-pool thread holds up grains.</remarks>
internal sealed partial class SqliteWriter : IDisposable
{
    private readonly SqliteFile _file;
    private readonly ILogger<SqliteWriter> _logger;
    private readonly WorkQueue<SqliteWrite> _queue;
    private readonly SqliteThreads _threads;
    private readonly BatchTails _tails = new();
    private readonly int _batchCount;
    private readonly TimeSpan _commitInterval;
    private SqliteSession? _session;
    private bool _isAvailable = true;

    /// <summary>Creates the writer; <see cref="Start"/> starts it.</summary>
    public SqliteWriter(SqliteFile file, IOptions<StorageOptions> options, ILogger<SqliteWriter> logger)
    {
        _file = file;
        _logger = logger;
        _queue = new WorkQueue<SqliteWrite>(options.Value.WriteQueueCount);
        _batchCount = options.Value.BatchCount;
        _commitInterval = options.Value.CommitInterval;
        _threads = new SqliteThreads("SQLite writer", count: 1, Work);
    }

    /// <summary>Starts the thread. Writes that were added before wait for it.</summary>
    public void Start() => _threads.Start();

    /// <summary>Refuses further writes, does those that wait, and ends.</summary>
    public Task StopAsync()
    {
        _queue.Close();
        return _threads.Ended;
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Close();

    /// <summary>Queues a write.</summary>
    /// <returns>Its result, once it is durable.</returns>
    /// <exception cref="StorageUnavailableException">The queue is full, the silo stops, or storage failed.</exception>
    public Task<T> WriteAsync<T>(SqliteWrite<T> write) =>
        _queue.TryAdd(write)
            ? write.Done
            : Task.FromException<T>(new StorageUnavailableException("The write queue is full or closed."));

    private void Work()
    {
        var batch = new List<SqliteWrite>();
        while (_queue.Take(batch, _batchCount))
        {
            var startedAt = Stopwatch.GetTimestamp();
            WriteBatch(batch);
            batch.Clear();
            _tails.Clear();
            var left = _commitInterval - Stopwatch.GetElapsedTime(startedAt);
            if (left > TimeSpan.Zero)
            {
                _queue.Pause(left);
            }
        }

        CloseSession();
    }

    private void WriteBatch(List<SqliteWrite> batch)
    {
        try
        {
            _session ??= new SqliteSession(_file.OpenWriter());
            _session.Execute("BEGIN IMMEDIATE");
            foreach (var write in batch)
            {
                Execute(write, _session);
            }

            _session.Execute("COMMIT");
        }
        catch (Exception e)
        {
            // Whatever it was, nothing of this batch may be half done: a new connection starts from what is committed.
            CloseSession();
            FailAll(batch, e);
            return;
        }

        if (!_isAvailable)
        {
            _isAvailable = true;
            Log.Recovered(_logger, _file.Path);
        }

        CompleteAll(batch);
    }

    private void Execute(SqliteWrite write, SqliteSession session)
    {
        if (write.NeedsSavepoint)
        {
            session.Execute("SAVEPOINT item");
        }

        try
        {
            write.Execute(session, _tails);
        }
        catch (Exception e) when (e is not SqliteException sqlite || SqliteErrors.IsStatementError(sqlite))
        {
            write.Error = e;
            if (write.NeedsSavepoint)
            {
                session.Execute("ROLLBACK TO item");
            }
        }

        if (write.NeedsSavepoint)
        {
            session.Execute("RELEASE item");
        }
    }

    private void CompleteAll(List<SqliteWrite> batch)
    {
        _tails.Commit();
        foreach (var write in batch)
        {
            if (write.Error is null)
            {
                write.Complete();
            }
            else
            {
                write.Fail(write.Error);
            }
        }
    }

    private void FailAll(List<SqliteWrite> batch, Exception error)
    {
        if (_isAvailable)
        {
            _isAvailable = false;
            Log.Failed(_logger, error, _file.Path, batch.Count);
        }

        foreach (var write in batch)
        {
            write.Fail(new StorageUnavailableException($"The database cannot be written now: {error.Message}", error));
        }
    }

    private void CloseSession()
    {
        _session?.Dispose();
        _session = null;
    }
}
