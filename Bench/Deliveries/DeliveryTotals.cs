namespace NewLoom.Bench.Deliveries;

/// <summary>The books of one run, added up. One message in a room of M members is M deliveries.</summary>
public sealed record DeliveryTotals
{
    /// <summary>Messages times members, whether the message could be sent or not.</summary>
    public required long Expected { get; init; }

    /// <summary>Arrived where they belong, each counted once.</summary>
    public required long Received { get; init; }

    /// <summary>Expected, and not there when the waiting ended.</summary>
    public required long Lost { get; init; }

    /// <summary>Arrivals of what that socket already had.</summary>
    public required long Doubled { get; init; }

    /// <summary>Arrivals at a socket of another room.</summary>
    public required long Misrouted { get; init; }

    /// <summary>Arrivals after one that the server had put behind them.</summary>
    public required long Reordered { get; init; }

    /// <summary>Half of the deliveries took no longer, from the moment the message was due.</summary>
    public required double P50Milliseconds { get; init; }

    /// <summary>99 of 100 deliveries took no longer.</summary>
    public required double P99Milliseconds { get; init; }

    /// <summary>The slowest delivery.</summary>
    public required double MaxMilliseconds { get; init; }

    /// <summary>Every delivery arrived once, in its room and in order.</summary>
    public bool Clean => Lost == 0 && Doubled == 0 && Misrouted == 0 && Reordered == 0;
}
