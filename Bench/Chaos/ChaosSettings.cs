namespace NewLoom.Bench.Chaos;

/// <summary>What a run of failures is like.</summary>
internal sealed record ChaosSettings
{
    /// <summary>Where the random numbers start.</summary>
    public required int Seed { get; init; }

    /// <summary>How many failures, at most.</summary>
    public required int Failures { get; init; }

    /// <summary>How long, at most; what has begun then is ended.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The longest time for which the database is unreachable or a network is cut.</summary>
    public required TimeSpan OutageMax { get; init; }

    /// <summary>Silos.</summary>
    public required int Silos { get; init; }

    /// <summary>Gateways.</summary>
    public required int Gateways { get; init; }

    /// <summary>Chats.</summary>
    public required int Chats { get; init; }

    /// <summary>Streams.</summary>
    public required int Streams { get; init; }

    /// <summary>How often a sender sends, and a publisher reports.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Where logs of the processes go.</summary>
    public required string Folder { get; init; }
}
