using System.CommandLine;
using NewLoom.Bench.Attacks;
using NewLoom.Bench.Processes;
using NewLoom.Bench.Results;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Scenarios;

/// <summary>Attacks from other loopback addresses: does a well-behaved client notice?</summary>
internal sealed class AttacksCommand : ScenarioCommand
{
    private readonly Option<double> _scale = ScenarioOption.Real(
        "--scale", 1, 0.01, 1, "How large the attacks are; 1 is 2,000 sockets, 10,000 tokens and so on");

    private readonly Option<string[]> _attacks = new("--attack")
    {
        Description = "One of the attacks, by its name in the report; may be given more than once (default: all)",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<double> _seconds = ScenarioOption.Seconds(
        "--seconds", 20, "How long each attack lasts at most", 1);

    /// <summary>The command <c>attacks</c>.</summary>
    public AttacksCommand()
        : base(
            "attacks", "Attacks a gateway of this machine; reports what well-behaved clients notice, and the memory",
            hasRooms: false, hasDeliveries: false)
    {
        _attacks.AcceptOnlyFromAmong([.. AttackRun.All(TimeProvider.System).Select(attack => attack.Name)]);
        Options.Add(_attacks);
        Options.Add(_scale);
        Options.Add(_seconds);
    }

    /// <inheritdoc />
    protected override async Task<ScenarioResult> RunAsync(
        ParseResult parsed, BenchSettings settings, CancellationToken cancellationToken)
    {
        var clock = new MonotonicClock(TimeProvider.System);
        var run = new AttackRun(
            settings.Servers[0], settings.AdminToken!, new ProcessTree(settings.ProcessIds), clock);
        var names = parsed.GetValue(_attacks)!;
        var attacks = AttackRun.All(clock.Time).Where(attack => names.Length == 0 || names.Contains(attack.Name));
        return await run.RunAsync(
            [.. attacks], TimeSpan.FromSeconds(parsed.GetValue(_seconds)), parsed.GetValue(_scale),
            cancellationToken);
    }
}
