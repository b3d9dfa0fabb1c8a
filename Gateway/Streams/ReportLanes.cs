using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;

namespace NewLoom.Gateway.Streams;

/// <summary>One socket's reports on their way: in order for each stream, side by side for different ones.</summary>
/// <remarks>A report waits only for those of the same stream before it, so a publisher of many streams need not wait
/// for a commit each time. The reader waits while <see cref="WaitingCountMax"/> are under way. Reports are added by one
/// thread at a time.</remarks>
internal sealed class ReportLanes(StreamSockets kind, ClientSocket socket)
{
    private const int WaitingCountMax = 1_000;

    /// <summary>Lanes that are kept although nothing may be on them.</summary>
    private const int LaneCountMin = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, ReportLane> _lanes = [];
    private TaskCompletionSource? _room;
    private int _cleanAt = LaneCountMin;
    private int _count;

    /// <summary>Ends when all reports so far have been answered; it never fails.</summary>
    public Task Completed => Task.WhenAll(_lanes.Values.Select(lane => lane.Running));

    /// <summary>Takes a report; returns when there is room for the next.</summary>
    public Task AddAsync(ReportFrame frame)
    {
        lock (_gate)
        {
            _count++;
        }

        LaneOf(frame.StreamId).Add(frame);
        lock (_gate)
        {
            return _count < WaitingCountMax
                ? Task.CompletedTask
                : (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private ReportLane LaneOf(long streamId)
    {
        if (_lanes.TryGetValue(streamId, out var lane))
        {
            return lane;
        }

        if (_lanes.Count >= _cleanAt)
        {
            foreach (var (idleId, _) in _lanes.Where(entry => entry.Value.IsIdle).ToList())
            {
                _lanes.Remove(idleId);
            }

            _cleanAt = Math.Max(LaneCountMin, 2 * _lanes.Count);
        }

        lane = new ReportLane(kind, socket, streamId, Free);
        _lanes.Add(streamId, lane);
        return lane;
    }

    private void Free(int count)
    {
        lock (_gate)
        {
            _count -= count;
            _room?.SetResult();
            _room = null;
        }
    }
}
