using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>Everything that one socket still has to be told, and the one who writes it.</summary>
/// <remarks>
/// <para>Nobody waits for a reader here: a frame is written by its sender when the connection is free, and else it
/// waits in a queue that is bounded by bytes. When the queue is full, frames whose latest wins are left out first; then
/// the sender is told, and the socket is closed as a slow reader.</para>
/// <para>Until it is attached to a connection it only collects.</para>
/// </remarks>
internal sealed class Outbox(int waitingBytesMax, bool makesBatches)
{
    private readonly Lock _gate = new();
    private Queue<EncodedFrame>? _waiting;
    private EncodedFrame? _pong;
    private int _waitingBytes;
    private IWire? _wire;
    private bool _isWriting = true;    // nothing can be written before the connection is there
    private bool _isClosed;
    private TaskCompletionSource? _room;
    private Task _pump = Task.CompletedTask;

    /// <summary>Ends when nothing is being written any more.</summary>
    public Task Idle => _pump;

    /// <summary>Starts writing: <paramref name="first"/>, then what has been collected.</summary>
    public void Attach(IWire wire, EncodedFrame? first)
    {
        _wire = wire;
        _pump = PumpAsync(TryStart(first?.Wire ?? default));
    }

    /// <summary>Writes the frame now or queues it.</summary>
    /// <returns>False when the queue is full: the reader is too slow. A closed outbox takes and forgets
    /// everything.</returns>
    public bool TrySend(EncodedFrame frame)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return true;
            }

            if (_isWriting)
            {
                return TryQueue(frame);
            }

            _isWriting = true;
        }

        WriteNow(frame);
        return true;
    }

    /// <summary>Answers a ping: now, or before what waits; of several that wait only the last is sent (RFC 6455
    /// §5.5.3), or else a client that pings and does not read would fill the memory with answers.</summary>
    public void SendPong(EncodedFrame pong)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            if (_isWriting)
            {
                _pong = pong;
                return;
            }

            _isWriting = true;
        }

        WriteNow(pong);
    }

    /// <summary>Whether at most half of the queue is taken.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                return _isClosed || _waitingBytes <= waitingBytesMax / 2;
            }
        }
    }

    /// <summary>Waits until at most half of the queue is taken, so that long replies do not fill it
    /// themselves.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (HasRoom)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Forgets what waits, except control frames sent from now on.</summary>
    public void DropWaiting()
    {
        lock (_gate)
        {
            _waiting?.Clear();
            _pong = null;
            _waitingBytes = 0;
            ReleaseRoom();
        }
    }

    /// <summary>Takes nothing more; whoever waits for room goes on.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _waiting = null;
            _pong = null;
            _waitingBytes = 0;
            ReleaseRoom();
        }
    }

    private bool TryQueue(EncodedFrame frame)
    {
        if (_waitingBytes + frame.Wire.Length > waitingBytesMax && _waitingBytes > 0)
        {
            if (frame.IsDroppable)
            {
                return true;
            }

            DropDroppable();
            if (_waitingBytes + frame.Wire.Length > waitingBytesMax && _waitingBytes > 0)
            {
                return false;
            }
        }

        (_waiting ??= new Queue<EncodedFrame>()).Enqueue(frame);
        _waitingBytes += frame.Wire.Length;
        return true;
    }

    private void DropDroppable()
    {
        var kept = new Queue<EncodedFrame>(_waiting!.Where(frame => !frame.IsDroppable));
        _waiting = kept;
        _waitingBytes = kept.Sum(frame => frame.Wire.Length);
    }

    private void WriteNow(EncodedFrame frame)
    {
        var write = TryStart(frame.Wire);
        if (!write.IsCompletedSuccessfully || !TryGoIdle())
        {
            _pump = PumpAsync(write);
        }
    }

    /// <summary>Begins a write; a connection that has gone fails it, and not the one who tells many sockets.</summary>
    private ValueTask TryStart(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return bytes.IsEmpty ? ValueTask.CompletedTask : _wire!.WriteAsync(bytes);
        }
        catch (Exception e) when (IsGone(e))
        {
            return ValueTask.FromException(e);
        }
    }

    private static bool IsGone(Exception e) =>
        e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;

    private async Task PumpAsync(ValueTask write)
    {
        try
        {
            await write;
            while (!TryGoIdle())
            {
                using var some = Take();
                await _wire!.WriteAsync(some.Bytes);
            }
        }
        catch (Exception e) when (IsGone(e))
        {
            // The connection is gone; the reading side sees it too and ends the socket.
            Close();
        }
    }

    private FrameCoalescer.Chunk Take()
    {
        lock (_gate)
        {
            if (_pong is { } pong)
            {
                _pong = null;
                return new FrameCoalescer.Chunk(pong.Wire, rented: null);
            }

            var chunk = FrameCoalescer.Take(_waiting, makesBatches, out var takenBytes);
            _waitingBytes -= takenBytes;
            if (_waitingBytes <= waitingBytesMax / 2)
            {
                ReleaseRoom();
            }

            return chunk;
        }
    }

    private bool TryGoIdle()
    {
        lock (_gate)
        {
            if (_waiting is { Count: > 0 } || _pong is not null)
            {
                return false;
            }

            _waiting = null;    // an idle socket keeps no queue
            return !(_isWriting = false);
        }
    }

    private void ReleaseRoom()
    {
        _room?.SetResult();
        _room = null;
    }
}
