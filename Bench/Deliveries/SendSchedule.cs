using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Deliveries;

/// <summary>When each message of a run is due: evenly spaced, whatever the server does meanwhile.</summary>
/// <param name="StartNanoseconds">When the first is due, on the monotonic clock.</param>
/// <param name="Rate">Messages a second.</param>
/// <param name="Messages">How many there are.</param>
public sealed record SendSchedule(long StartNanoseconds, double Rate, int Messages)
{
    /// <summary>Messages that a rate makes in so long, at least one.</summary>
    public static int MessagesIn(TimeSpan duration, double rate) =>
        Math.Max(1, (int)Math.Round(rate * duration.TotalSeconds));

    /// <summary>When a message is due; not rounded from one to the next, so the rate holds to the end.</summary>
    public long DueNanoseconds(int message) => StartNanoseconds + (long)(message / Rate * MonotonicClock.Second);
}
