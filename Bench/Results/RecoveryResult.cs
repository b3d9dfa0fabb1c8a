namespace NewLoom.Bench.Results;

/// <summary>What <c>recovery</c> found out.</summary>
public sealed record RecoveryResult : ScenarioResult
{
    /// <summary>What the median of the killed silo's chats must stay below.</summary>
    public const double MedianSecondsMax = 5;

    /// <summary>What the slowest of them must stay below.</summary>
    public const double WorstSecondsMax = 15;

    /// <summary>Chats.</summary>
    public required int Chats { get; init; }

    /// <summary>Silos before one was killed.</summary>
    public required int Silos { get; init; }

    /// <summary>Whether all chats came back while the run waited.</summary>
    public required bool HaveAllRecovered { get; init; }

    /// <summary>What must not have happened.</summary>
    public required IReadOnlyCollection<string> Violations { get; init; }

    /// <summary>Seconds until a message of each chat of the killed silo was confirmed that was first sent after the
    /// kill, ascending.</summary>
    public required IReadOnlyList<double> OfKilled { get; init; }

    /// <summary>The same for the chats of the other silos.</summary>
    public required IReadOnlyList<double> OfOthers { get; init; }

    /// <summary>The killed silo's chats.</summary>
    public RecoveryTimes Killed => RecoveryTimes.Of(OfKilled.Select(TimeSpan.FromSeconds));

    /// <inheritdoc />
    public override bool Clean => HaveAllRecovered && Violations.Count == 0 && OfKilled.Count > 0
        && Killed.MedianSeconds < MedianSecondsMax && Killed.WorstSeconds < WorstSecondsMax;

    /// <inheritdoc />
    protected override IEnumerable<string> Lines()
    {
        yield return $"recovery    {Chats} chats on {Silos} silos, one of them killed; " +
            $"its {OfKilled.Count} chats: {Killed}";
        yield return $"            the other {OfOthers.Count} chats: " +
            $"{RecoveryTimes.Of(OfOthers.Select(TimeSpan.FromSeconds))}";
        if (!HaveAllRecovered)
        {
            yield return $"            {Chats - OfKilled.Count - OfOthers.Count} chats did not come back";
        }

        foreach (var violation in Violations.Take(10))
        {
            yield return $"            {violation}";
        }
    }
}
