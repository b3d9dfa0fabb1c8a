using System.Collections.Frozen;
using System.Text;
using NewLoom.Bench.Deliveries;
using NewLoom.Bench.Sockets;

namespace NewLoom.Bench.Streams;

/// <summary>What all viewers have seen, and what went wrong. Safe from several threads.</summary>
public sealed class StreamBooks(StreamLayout layout, IReadOnlyList<long> streamIds) : ISocketListener
{
    private const int TroubleCharactersMax = 200;

    private readonly Lock _lock = new();
    private readonly FrozenDictionary<long, int> _streams =
        streamIds.Index().ToFrozenDictionary(entry => entry.Item, entry => entry.Index);
    private ViewerBook[] _books = [];
    private TaskCompletionSource _complete = new();
    private LatencyHistogram _latency = new();
    private ReportPlan? _plan;
    private SendSchedule? _schedule;
    private long _placed;
    private long _disordered;
    private long _misrouted;

    /// <summary>Completes when every viewer has seen everything that it must.</summary>
    public Task Complete => _complete.Task;

    /// <summary>Frames that break a rule, and error frames.</summary>
    public int Troubles { get; private set; }

    /// <summary>Sockets that the server closed.</summary>
    public int Closed { get; private set; }

    /// <summary>What the first of them was.</summary>
    public string? FirstTrouble { get; private set; }

    /// <summary>Frames with counters that viewers have seen.</summary>
    public long StatsFrames
    {
        get
        {
            lock (_lock)
            {
                return _books.Sum(book => (long)book.StatsFrames);
            }
        }
    }

    private long Expected => (long)layout.Streams * layout.Viewers * _plan!.PlacedReports;

    /// <summary>Opens the books of a run.</summary>
    public void Begin(ReportPlan plan, SendSchedule schedule)
    {
        lock (_lock)
        {
            _plan = plan;
            _schedule = schedule;
            _books = new ViewerBook[layout.Streams * layout.Viewers];
            _complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _latency = new LatencyHistogram();
            (_placed, _disordered, _misrouted) = (0, 0, 0);
        }
    }

    /// <inheritdoc />
    public void Received(int socket, ReadOnlySpan<byte> payload, long receivedNanoseconds)
    {
        lock (_lock)
        {
            if (_plan is null || ReportFrame.IsRefusal(payload)
                || !ReportFrame.TryReadStream(payload, out var streamId))
            {
                Note(Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, TroubleCharactersMax)]));
            }
            else if (_streams.TryGetValue(streamId, out var stream) && layout.ViewerOf(stream, socket) is { } viewer)
            {
                Enter(stream, ref _books[stream * layout.Viewers + viewer], payload, receivedNanoseconds);
            }
            else
            {
                _misrouted++;
            }
        }
    }

    void ISocketListener.Closed(int socket, string reason)
    {
        lock (_lock)
        {
            Closed++;
            FirstTrouble ??= $"socket {socket} was closed: {reason}";
        }
    }

    /// <summary>The statuses and errors of the run, added up. Latency is that of reports sent on time: statuses when
    /// statuses are reported.</summary>
    public DeliveryTotals Total()
    {
        lock (_lock)
        {
            return new DeliveryTotals
            {
                Expected = Expected,
                Received = _placed,
                Lost = Math.Max(0, Expected - _placed),
                Doubled = Math.Max(0, _placed - Expected),
                Misrouted = _misrouted,
                Reordered = _disordered,
                P50Milliseconds = _latency.PercentileMicroseconds(50) / 1000.0,
                P99Milliseconds = _latency.PercentileMicroseconds(99) / 1000.0,
                MaxMilliseconds = _latency.MaxMicroseconds / 1000.0,
            };
        }
    }

    private void Enter(int stream, ref ViewerBook book, ReadOnlySpan<byte> payload, long now)
    {
        if (payload.IndexOf("\"type\":\"execution_stats\""u8) >= 0)
        {
            if (book.AddStats(payload, now) is { } wrong)
            {
                Note(wrong);
            }

            AddLatency(stream, payload, now);
            return;
        }

        if (!_plan!.SendsStats)
        {
            _latency.Add((now - _schedule!.DueNanoseconds(book.Placed * layout.Streams + stream)) / 1000);
        }

        if (book.AddPlaced(_plan, payload) is { } problem)
        {
            _disordered++;
            Note(problem);
        }

        if (++_placed == Expected)
        {
            _complete.TrySetResult();
        }
    }

    /// <summary>How old counters are that say how many reports went before them.</summary>
    private void AddLatency(int stream, ReadOnlySpan<byte> payload, long now)
    {
        if (_plan!.SendsStats && ReportFrame.TryReadProcessed(payload, out var count) && count > 0)
        {
            var report = (int)(count - 1);
            _latency.Add((now - _schedule!.DueNanoseconds(report * layout.Streams + stream)) / 1000);
        }
    }

    private void Note(string trouble)
    {
        Troubles++;
        FirstTrouble ??= trouble;
    }
}
