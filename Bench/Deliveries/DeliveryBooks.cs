using NewLoom.Bench.Rooms;

namespace NewLoom.Bench.Deliveries;

/// <summary>What arrived of one run's messages, at every socket. Safe from several threads.</summary>
public sealed class DeliveryBooks
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LatencyHistogram _latency = new();
    private readonly RoomLayout _layout;
    private readonly int _run;
    private readonly int _messages;
    private readonly ulong[][] _arrived;
    private readonly long[] _lastOrder;
    private long _received;
    private long _doubled;
    private long _misrouted;
    private long _reordered;

    /// <summary>Opens the books of a run that sends its messages to the rooms in turn.</summary>
    public DeliveryBooks(int run, RoomLayout layout, int messages)
    {
        _run = run;
        _layout = layout;
        _messages = messages;
        _arrived = new ulong[layout.Sockets][];
        _lastOrder = new long[layout.Sockets];
        for (var socket = 0; socket < _arrived.Length; socket++)
        {
            _arrived[socket] = new ulong[messages / layout.Rooms / 64 + 1];
        }

        Array.Fill(_lastOrder, long.MinValue);
    }

    /// <summary>Completes when nothing is missing any more.</summary>
    public Task Complete => _complete.Task;

    private long Expected => (long)_messages * _layout.Members;

    /// <summary>Enters one arrival.</summary>
    /// <param name="socket">Where it arrived.</param>
    /// <param name="marker">What it is; one of another run is passed over.</param>
    /// <param name="order">A number that rises from message to message of a room.</param>
    /// <param name="receivedNanoseconds">When, on the clock of <see cref="Marker.DueNanoseconds"/>.</param>
    public void Enter(int socket, Marker marker, long order, long receivedNanoseconds)
    {
        if (marker.Run != _run)
        {
            return;
        }

        lock (_lock)
        {
            var arrived = _arrived[socket];
            var word = marker.Sequence >> 6;
            var bit = 1UL << marker.Sequence;
            if (marker.Room != _layout.RoomOf(socket) || word >= arrived.Length)
            {
                _misrouted++;
                return;
            }

            if ((arrived[word] & bit) != 0)
            {
                _doubled++;
                return;
            }

            arrived[word] |= bit;
            _reordered += order < _lastOrder[socket] ? 1 : 0;
            _lastOrder[socket] = Math.Max(order, _lastOrder[socket]);
            _latency.Add((receivedNanoseconds - marker.DueNanoseconds) / 1000);
            if (++_received == Expected)
            {
                _complete.TrySetResult();
            }
        }
    }

    /// <summary>The books as they stand.</summary>
    public DeliveryTotals Total()
    {
        lock (_lock)
        {
            return new DeliveryTotals
            {
                Expected = Expected,
                Received = _received,
                Lost = Expected - _received,
                Doubled = _doubled,
                Misrouted = _misrouted,
                Reordered = _reordered,
                P50Milliseconds = _latency.PercentileMicroseconds(50) / 1000.0,
                P99Milliseconds = _latency.PercentileMicroseconds(99) / 1000.0,
                MaxMilliseconds = _latency.MaxMicroseconds / 1000.0,
            };
        }
    }
}
