namespace NewLoom.Bench.Results;

/// <summary>What <c>chaos</c> found out.</summary>
public sealed record ChaosResult : ScenarioResult
{
    private const int ViolationsShown = 20;

    /// <summary>Where the random numbers started; with it the same failures are planned again.</summary>
    public required int Seed { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>How the network was cut, or why not.</summary>
    public required string Network { get; init; }

    /// <summary>Failures that were injected, by kind.</summary>
    public required IReadOnlyDictionary<string, int> Failures { get; init; }

    /// <summary>What happened that may happen.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>Messages that were confirmed.</summary>
    public required int Messages { get; init; }

    /// <summary>Messages that readers saw.</summary>
    public required int Deliveries { get; init; }

    /// <summary>Reports of jobs that were confirmed.</summary>
    public required int Reports { get; init; }

    /// <summary>Executions of jobs.</summary>
    public required int Executions { get; init; }

    /// <summary>How soon chats came back: all failures.</summary>
    public required RecoveryTimes Recovery { get; init; }

    /// <summary>The same, by kind of failure.</summary>
    public required IReadOnlyDictionary<string, RecoveryTimes> RecoveryByFailure { get; init; }

    /// <summary>The longest that a socket was deaf.</summary>
    public required double LongestDeafnessSeconds { get; init; }

    /// <summary>What must not have happened.</summary>
    public required IReadOnlyCollection<string> Violations { get; init; }

    /// <inheritdoc />
    public override bool Clean => Violations.Count == 0;

    /// <inheritdoc />
    protected override IEnumerable<string> Lines()
    {
        yield return $"chaos       {Failures.Values.Sum()} failures in {Seconds:0} s, seed {Seed}; {Network}";
        foreach (var (kind, count) in Failures.OrderBy(failure => failure.Key))
        {
            var recovery = RecoveryByFailure.TryGetValue(kind, out var times) ? times.ToString() : "";
            yield return $"            {count,4} {kind,-18} {recovery}";
        }

        yield return $"messages    {Messages} confirmed, {Deliveries} deliveries to readers";
        yield return $"jobs        {Reports} reports confirmed in {Executions} executions";
        yield return $"recovery    {Recovery}, over all failures and chats";
        yield return $"deafness    longest {LongestDeafnessSeconds:0.0} s";
        foreach (var (what, count) in Counts.OrderBy(count => count.Key, StringComparer.Ordinal))
        {
            yield return $"            {count,6} {what}";
        }

        yield return $"violations  {Violations.Count}";
        foreach (var violation in Violations.Take(ViolationsShown))
        {
            yield return $"            {violation}";
        }
    }
}
