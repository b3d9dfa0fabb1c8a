using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;

namespace NewLoom.PushStreams;

/// <summary>Events that wait on this silo: grains append, one pulling agent takes.</summary>
/// <remarks>
/// One lock guards everything. It is held for the length of an append or of a copy of references, never across an
/// await or foreign code, and signals are given outside it.
/// </remarks>
internal sealed partial class PushQueue(
    string name, PushStreamOptions options, StreamSlots slots, TimeProvider time, ILogger<PushQueue> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StreamId, StreamBacklog> _backlogs = [];
    private readonly ReadyStreams _ready = new();
    private TaskCompletionSource? _drained;
    private long _firstOfNewBacklog;
    private long _tidiedAt = time.GetTimestamp();

    /// <summary>Reads of the pulling agent that have ended since the start: they come of events, not of time.</summary>
    public long ReadCount { get; private set; }

    /// <summary>Events that were dropped since the start, because more may not wait.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>Streams that are live, and events that wait in them.</summary>
    public (int Streams, int Events) Count()
    {
        lock (_gate)
        {
            return (_backlogs.Count, _backlogs.Values.Sum(backlog => backlog.Count));
        }
    }

    /// <summary>Adds events to a stream, in order.</summary>
    /// <exception cref="InvalidOperationException">The stream would be one more than may be live.</exception>
    public void Append(StreamId streamId, ReadOnlySpan<object> events)
    {
        TaskCompletionSource? read = null;
        long droppedCount;
        lock (_gate)
        {
            if (!_backlogs.TryGetValue(streamId, out var backlog))
            {
                slots.ThrowIfFull(streamId);
                backlog = AddBacklog(streamId);
            }

            droppedCount = backlog.Append(events);
            DroppedCount += droppedCount;

            // After an overflow the agent hears of the stream in any case: it may have abandoned the subscription.
            if (!backlog.IsReady && (droppedCount > 0 || backlog.NeedsAnnouncement))
            {
                read = _ready.Add(backlog);
            }
        }

        read?.TrySetResult();
        if (droppedCount > 0)
        {
            Log.Overflow(logger, name, streamId, droppedCount);
        }
    }

    /// <summary>Waits until some stream has events that the agent has not been told of, or the idle limit.</summary>
    /// <returns>One announcement a stream; none after the idle limit or when cancelled.</returns>
    public async Task<IList<IBatchContainer>> ReadAsync(CancellationToken cancellationToken)
    {
        if (ArmRead() is { } read)
        {
            try
            {
                await read.WaitAsync(options.IdleLimit, time, cancellationToken);
            }
            catch (Exception e) when (e is TimeoutException or OperationCanceledException)
            {
                // Nothing came: the agent tidies up and calls again, or stops. It would log a throw as an error.
            }
        }

        lock (_gate)
        {
            ReadCount++;
            return _ready.Take();
        }
    }

    /// <summary>Forgets events which no subscriber claimed in time; does nothing if called again too soon.</summary>
    public void Tidy()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (time.GetElapsedTime(_tidiedAt, now) < options.IdleLimit)
            {
                return;
            }

            _tidiedAt = now;
            foreach (var backlog in _backlogs.Values)
            {
                backlog.ForgetUnclaimed();
                RemoveIfUnused(backlog);    // a dictionary allows that while it is enumerated
            }
        }
    }

    /// <summary>Starts a subscription at an event, or at the first that the agent has not been told of.</summary>
    public BacklogCursor AddCursor(StreamId streamId, long? from)
    {
        lock (_gate)
        {
            var backlog = _backlogs.TryGetValue(streamId, out var known) ? known : AddBacklog(streamId);
            var cursor = new BacklogCursor(this, backlog);
            backlog.Add(cursor, from);
            return cursor;
        }
    }

    public PushBatch? Take(BacklogCursor cursor)
    {
        PushBatch? batch;
        TaskCompletionSource? drained;
        lock (_gate)
        {
            batch = cursor.Backlog.Take(cursor);
            drained = batch is null ? Drained() : null;
        }

        drained?.TrySetResult();
        return batch;
    }

    public void GiveUp(BacklogCursor cursor)
    {
        lock (_gate)
        {
            cursor.HasLost = true;
            cursor.IsIdle = true;    // the agent may stop here, so events from now on must be announced
        }
    }

    public void Remove(BacklogCursor cursor)
    {
        TaskCompletionSource? read = null;
        TaskCompletionSource? drained;
        lock (_gate)
        {
            var backlog = cursor.Backlog;
            backlog.Remove(cursor);
            if (!RemoveIfUnused(backlog) && !backlog.IsReady && backlog.NeedsAnnouncement)
            {
                read = _ready.Add(backlog);
            }

            drained = Drained();
        }

        if (read is not null)
        {
            // This is the agent's turn, so completing the read here would run its next steps in the midst of this one.
            ThreadPool.UnsafeQueueUserWorkItem(static read => read.TrySetResult(), read, preferLocal: false);
        }

        drained?.TrySetResult();
    }

    /// <summary>Ends when everything that has a subscriber is delivered.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            if (_drained is null or { Task.IsCompleted: true })
            {
                _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            Drained()?.TrySetResult();
            return _drained.Task;
        }
    }

    private StreamBacklog AddBacklog(StreamId streamId)
    {
        slots.Add();
        return _backlogs[streamId] = new(streamId, _firstOfNewBacklog, options.BacklogCount);
    }

    private bool RemoveIfUnused(StreamBacklog backlog)
    {
        if (backlog.HasCursors || backlog.Count > 0)
        {
            return false;
        }

        // Numbers never come back, so an old token cannot point into a new backlog.
        _firstOfNewBacklog = Math.Max(_firstOfNewBacklog, backlog.End);
        slots.Remove();
        return _backlogs.Remove(backlog.StreamId);
    }

    private Task? ArmRead()
    {
        Task? read;
        TaskCompletionSource? drained;
        lock (_gate)
        {
            read = _ready.Arm();
            drained = Drained();
        }

        drained?.TrySetResult();
        return read;
    }

    // A read that waits means that the agent has dealt with all it was told of.
    private TaskCompletionSource? Drained() =>
        _drained is not null && _ready.IsAwaited && _backlogs.Values.All(backlog => backlog.IsDelivered)
            ? _drained
            : null;
}
