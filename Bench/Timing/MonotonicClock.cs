namespace NewLoom.Bench.Timing;

/// <summary>A clock that only runs forward; its zero means nothing.</summary>
public sealed class MonotonicClock(TimeProvider time)
{
    /// <summary>Nanoseconds in a second.</summary>
    public const long Second = 1_000_000_000;

    /// <summary>The time.</summary>
    public TimeProvider Time => time;

    /// <summary>The reading now.</summary>
    public long Nanoseconds => time.TimestampFrequency == Second
        ? time.GetTimestamp()
        : (long)(time.GetTimestamp() * ((double)Second / time.TimestampFrequency));
}
