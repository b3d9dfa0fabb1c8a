using Orleans.Streams;

namespace NewLoom.PushStreams;

/// <summary>The streams that the pulling agent must hear of, and its read while it waits for one.</summary>
/// <remarks>Guarded by the lock of its <see cref="PushQueue"/>.</remarks>
internal sealed class ReadyStreams
{
    private readonly List<StreamBacklog> _ready = [];
    private TaskCompletionSource? _read;

    /// <summary>True when the agent waits, which means that it has dealt with all it was told of.</summary>
    public bool IsAwaited => _read is not null;

    /// <returns>The read that this ends, to be completed outside the lock.</returns>
    public TaskCompletionSource? Add(StreamBacklog backlog)
    {
        backlog.IsReady = true;
        _ready.Add(backlog);
        var read = _read;
        _read = null;
        return read;
    }

    /// <summary>Begins a read.</summary>
    /// <returns>What ends when there is a stream; null if there is one already.</returns>
    public Task? Arm()
    {
        if (_ready.Count > 0)
        {
            return null;
        }

        // An appending grain completes this on its own scheduler, and what follows is queued on the agent's: no hop
        // through the thread pool is needed in between.
        _read = new TaskCompletionSource();
        return _read.Task;
    }

    /// <summary>Ends a read, with what there is.</summary>
    public List<IBatchContainer> Take()
    {
        _read = null;
        var announcements = new List<IBatchContainer>(_ready.Count);
        foreach (var backlog in _ready)
        {
            announcements.Add(new PushAnnouncement(backlog.StreamId, new PushStreamToken(backlog.Announce())));
        }

        _ready.Clear();
        return announcements;
    }
}
