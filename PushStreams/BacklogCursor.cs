using Orleans.Streams;

namespace NewLoom.PushStreams;

/// <summary>One subscription's place in the backlog of its stream.</summary>
internal sealed class BacklogCursor(PushQueue queue, StreamBacklog backlog) : IQueueCacheCursor
{
    private PushBatch? _current;
    private bool _isDisposed;

    public StreamBacklog Backlog { get; } = backlog;

    /// <summary>The number of the first event that was not taken.</summary>
    public long Position { get; set; }

    /// <summary>True when events before <see cref="Position"/> were dropped and the subscriber has not been told.</summary>
    public bool HasLost { get; set; }

    /// <summary>True when the agent may be waiting to be told of events; false while it will come back by itself.</summary>
    public bool IsIdle { get; set; } = true;

    public bool MoveNext()
    {
        _current = queue.Take(this);
        return _current is not null;
    }

    public IBatchContainer? GetCurrent(out Exception? exception)
    {
        exception = null;
        return _current;
    }

    /// <summary>The agent gave the current batch up: its events count as lost.</summary>
    public void RecordDeliveryFailure() => queue.GiveUp(this);

    public void Refresh(StreamSequenceToken token)
    {
        // A position in the backlog needs no refreshing.
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _current = null;
            queue.Remove(this);
        }
    }
}
