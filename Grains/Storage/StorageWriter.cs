using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NewLoom.Grains.Telemetry;

namespace NewLoom.Grains.Storage;

/// <summary>All writes of this silo: one thread, one connection, one transaction for everything that waits.</summary>
/// <remarks>The next batch forms while the last one commits, so the cost of reaching the disk is shared by all who
/// wait. Writes take effect in the order in which they were added. Its thread is its own because it blocks, and a
/// blocked thread-pool thread holds up grains.</remarks>
internal sealed partial class StorageWriter : IDisposable
{
    private readonly Database _database;
    private readonly ILogger<StorageWriter> _logger;
    private readonly IHostApplicationLifetime? _lifetime;
    private readonly StorageMetrics? _metrics;
    private readonly WorkQueue<StorageWrite> _queue;
    private readonly StorageThreads _threads;
    private readonly BatchTails _tails = new();
    private readonly int _batchCount;
    private readonly TimeSpan _commitInterval;
    private DatabaseSession? _session;
    private bool _isAvailable = true;
    private string? _endReason;

    /// <summary>Creates the writer; <see cref="Start"/> starts it.</summary>
    /// <param name="database">Where it writes.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="logger">Tells when writing stops and goes on.</param>
    /// <param name="lifetime">The process that ends when the cluster has given this silo up; null: none does.</param>
    /// <param name="metrics">Where it is counted, if anywhere.</param>
    public StorageWriter(
        Database database, IOptions<StorageOptions> options, ILogger<StorageWriter> logger,
        IHostApplicationLifetime? lifetime = null, StorageMetrics? metrics = null)
    {
        _database = database;
        _logger = logger;
        _lifetime = lifetime;
        _metrics = metrics;
        _queue = new WorkQueue<StorageWrite>(options.Value.WriteQueueCount);
        _batchCount = options.Value.BatchCount;
        _commitInterval = options.Value.CommitInterval;
        _threads = new StorageThreads("Storage writer", count: 1, Work);
        metrics?.Watch(() => _queue.Count);
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
    public Task<T> WriteAsync<T>(StorageWrite<T> write)
    {
        write.Cause = GrainTraces.Current;
        return _queue.TryAdd(write)
            ? write.Done
            : Task.FromException<T>(new StorageUnavailableException("The write queue is full or closed."));
    }

    private void Work()
    {
        var batch = new List<StorageWrite>();
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

    private void WriteBatch(List<StorageWrite> batch)
    {
        var (isCommitting, startedAt) = (false, Stopwatch.GetTimestamp());
        using var span = GrainTraces.StartCommit(batch);
        try
        {
            var session = Begin();
            session.Run(batch, _tails);
            isCommitting = true;
            session.Commit();
            _metrics?.Committed(batch.Count, Stopwatch.GetElapsedTime(startedAt));
        }
        catch (MemberGoneException e)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            CloseSession();
            End(e.Message);
            RefuseAll(batch, e, isInDoubt: false);
            return;
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            _metrics?.Failed();

            // Whatever it was, nothing of this batch may be half done: a new connection starts from what is committed.
            CloseSession();
            FailAll(batch, e, isInDoubt: isCommitting && _database.IsInDoubt(e));
            return;
        }

        if (!_isAvailable)
        {
            _isAvailable = true;
            Log.Recovered(_logger, _database.Name);
        }

        CompleteAll(batch);
    }

    private DatabaseSession Begin()
    {
        if (_endReason is not null)
        {
            throw new MemberGoneException(_endReason);
        }

        try
        {
            _session ??= _database.OpenWriter();
            _session.BeginWrite();
        }
        catch (DbException) when (_session is { IsBroken: true })
        {
            // The server was away since the last batch: a new connection shows whether it still is.
            CloseSession();
            _session = _database.OpenWriter();
            _session.BeginWrite();
        }

        return _session;
    }

    /// <summary>Writes nothing more, for good.</summary>
    private void End(string reason)
    {
        if (_endReason is null)
        {
            _endReason = reason;
            Log.Gone(_logger, reason);
            _lifetime?.StopApplication();
        }
    }

    private void CompleteAll(List<StorageWrite> batch)
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
                write.Fail(ToPortable(write.Error));
            }
        }
    }

    private void FailAll(List<StorageWrite> batch, Exception error, bool isInDoubt)
    {
        if (_isAvailable)
        {
            _isAvailable = false;
            Log.Failed(_logger, error, _database.Name, batch.Count);
        }

        if (isInDoubt)
        {
            _tails.FenceAll();    // only the tables know their ends now
        }

        RefuseAll(batch, error, isInDoubt);
    }

    // A caller may be in another process, to which a driver's exceptions cannot be sent.
    private Exception ToPortable(Exception error)
    {
        if (error is not DbException)
        {
            return error;
        }

        Log.Refused(_logger, error);
        return new InvalidOperationException($"The database refuses a write: {error.Message}");
    }

    private static void RefuseAll(List<StorageWrite> batch, Exception error, bool isInDoubt)
    {
        foreach (var write in batch)
        {
            var refusal = new StorageUnavailableException($"The database cannot be written now: {error.Message}");
            if (isInDoubt)
            {
                write.Doubt(refusal);
            }
            else
            {
                write.Fail(refusal);
            }
        }
    }

    private void CloseSession()
    {
        _session?.Dispose();
        _session = null;
    }
}
