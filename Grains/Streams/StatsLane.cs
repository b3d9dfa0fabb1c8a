using NewLoom.Streams;

namespace NewLoom.Grains.Streams;

/// <summary>Tells viewers the latest counters, at most eight times a second.</summary>
/// <remarks>A viewer may see ten in any second; eight leave room for the final ones, and for the time that telling
/// takes now and then. There is a timer only while counters wait to be told.</remarks>
internal sealed class StatsLane(IGrainBase grain, StreamTeller teller, TimeProvider time)
{
    /// <summary>The least time between two times of telling.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(125);

    private long? _toldAt;
    private Execution? _waiting;
    private IGrainTimer? _timer;

    /// <summary>Tells what an execution has become, now or soon, if its counters have changed.</summary>
    public Task ShowAsync(Execution before, Execution after)
    {
        if (after.Status.IsTerminal())
        {
            _waiting = null;    // the terminal status brings the final ones
            return Task.CompletedTask;
        }

        if (before.Number != after.Number)
        {
            _waiting = null;
            before = new Execution { Number = after.Number, Status = after.Status };
        }

        if (HasSameCounters(before, after))
        {
            return Task.CompletedTask;
        }

        return TellOrWaitAsync(after);
    }

    private static bool HasSameCounters(Execution one, Execution other) =>
        one.HasStats == other.HasStats && one.ProcessedCount == other.ProcessedCount
        && one.FailedCount == other.FailedCount && one.ReportedTotal == other.ReportedTotal
        && one.ReportedTime == other.ReportedTime;

    private Task TellOrWaitAsync(Execution execution)
    {
        var wait = _toldAt is { } at ? Interval - time.GetElapsedTime(at) : TimeSpan.Zero;
        if (wait > TimeSpan.Zero)
        {
            _waiting = execution;
            _timer ??= grain.RegisterGrainTimer(TellWaitingAsync, wait, Timeout.InfiniteTimeSpan);
            return Task.CompletedTask;
        }

        _toldAt = time.GetTimestamp();
        _waiting = null;
        return teller.StatsAsync(execution, time.GetUtcNow());
    }

    private Task TellWaitingAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        _timer = null;

        // While the timer's turn was due, a report may have told its counters at once.
        return _waiting is { } execution ? TellOrWaitAsync(execution) : Task.CompletedTask;
    }
}
