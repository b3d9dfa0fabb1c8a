namespace NewLoom.Bench.Results;

/// <summary>What <c>attacks</c> found out; the first outcome is that of no attack.</summary>
public sealed record AttacksResult : ScenarioResult
{
    /// <summary>One for each attack, in order.</summary>
    public required IReadOnlyList<AttackOutcome> Outcomes { get; init; }

    /// <inheritdoc />
    public override bool Clean => Outcomes.All(outcome => outcome.Withstood);

    /// <inheritdoc />
    protected override IEnumerable<string> Lines()
    {
        yield return "attack           seconds   send to sent: p50    p99     max ms   memory before  peak  after MB";
        foreach (var o in Outcomes)
        {
            yield return $"{o.Attack,-16} {o.Seconds,7:0.0} {o.P50Milliseconds,19:0.0} {o.P99Milliseconds,6:0.0} " +
                $"{o.MaxMilliseconds,7:0.0}      {o.BeforeMegabytes,12:0} {o.PeakMegabytes,5:0} " +
                $"{o.AfterMegabytes,6:0}   {(o.Withstood ? "ok" : "NOT OK")}";
            yield return $"                 {o.Answer}{(o.Trouble is null ? "" : $"; {o.Trouble}")}";
        }
    }
}
