namespace NewLoom.Bench.Results;

/// <summary>How soon chats came back.</summary>
/// <param name="Count">Of how many failures times chats.</param>
/// <param name="MedianSeconds">Half were sooner.</param>
/// <param name="P95Seconds">95 of 100 were sooner.</param>
/// <param name="WorstSeconds">The slowest.</param>
public sealed record RecoveryTimes(int Count, double MedianSeconds, double P95Seconds, double WorstSeconds)
{
    /// <summary>Sums up.</summary>
    public static RecoveryTimes Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToArray();
        return sorted.Length == 0
            ? new RecoveryTimes(0, 0, 0, 0)
            : new RecoveryTimes(sorted.Length, At(0.5), At(0.95), Seconds(sorted[^1]));

        double At(double share) => Seconds(sorted[(int)Math.Ceiling(share * sorted.Length) - 1]);
    }

    /// <inheritdoc />
    public override string ToString() =>
        $"median {MedianSeconds:0.00} s, p95 {P95Seconds:0.00} s, worst {WorstSeconds:0.00} s";

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
