namespace NewLoom.Bench.Streams;

/// <summary>What one viewer has seen of one stream.</summary>
public struct ViewerBook
{
    private FrameWindow _window;
    private long _lastCount;

    /// <summary>Statuses and errors so far.</summary>
    public int Placed { get; private set; }

    /// <summary>Frames with counters so far.</summary>
    public int StatsFrames { get; private set; }

    /// <summary>Whether the stream has been seen to complete.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Enters a status or error.</summary>
    /// <param name="plan">What is reported.</param>
    /// <param name="payload">The frame.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public string? AddPlaced(ReportPlan plan, ReadOnlySpan<byte> payload)
    {
        if (IsComplete || !IsNext(plan, payload))
        {
            return "a status or an error out of its order";
        }

        Placed++;
        IsComplete = plan.SendsStats && Placed == plan.PlacedReports;
        return IsComplete && _lastCount != plan.FinalCount
            ? $"completed after the count {_lastCount} instead of {plan.FinalCount}"
            : null;
    }

    /// <summary>Enters counters.</summary>
    /// <param name="payload">The frame.</param>
    /// <param name="nanoseconds">When it arrived.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public string? AddStats(ReadOnlySpan<byte> payload, long nanoseconds)
    {
        StatsFrames++;
        ReportFrame.TryReadProcessed(payload, out var count);
        var falls = count < _lastCount;
        _lastCount = count;
        return !_window.TryAdd(nanoseconds) ? "more than ten frames with counters within a second"
            : falls ? "counters fell"
            : IsComplete ? "counters after the end"
            : null;
    }

    private readonly bool IsNext(ReportPlan plan, ReadOnlySpan<byte> payload)
    {
        if (!plan.SendsStats)
        {
            return ReportFrame.SaysStatus(payload, Placed % 2 == 0 ? "running"u8 : "paused"u8);
        }

        return Placed == 0 ? ReportFrame.SaysStatus(payload, "running"u8)
            : Placed == plan.PlacedReports - 1 ? ReportFrame.SaysStatus(payload, "completed"u8)
            : ReportFrame.TryReadError(payload, out var number) && number == Placed - 1;
    }
}
