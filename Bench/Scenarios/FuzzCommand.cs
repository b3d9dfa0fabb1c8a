using System.CommandLine;
using NewLoom.Bench.Fuzzing;
using NewLoom.Bench.Processes;
using NewLoom.Bench.Results;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Scenarios;

/// <summary>Frames that no client should send, until so many have been: does the gateway keep its word?</summary>
internal sealed class FuzzCommand : ScenarioCommand
{
    private readonly Option<int> _frames = ScenarioOption.Whole(
        "--frames", 200_000, 1, int.MaxValue, "Frames to send, over all sockets");

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Where the random numbers start",
        DefaultValueFactory = _ => Random.Shared.Next(),
    };

    /// <summary>The command <c>fuzz</c>.</summary>
    public FuzzCommand()
        : base(
            "fuzz",
            "Sends broken and random frames; checks that every socket answers or is closed with a documented code",
            hasRooms: false, hasDeliveries: false)
    {
        Options.Add(_frames);
        Options.Add(_seed);
    }

    /// <inheritdoc />
    protected override async Task<ScenarioResult> RunAsync(
        ParseResult parsed, BenchSettings settings, CancellationToken cancellationToken)
    {
        var seed = parsed.GetValue(_seed);
        await Console.Error.WriteLineAsync($"Fuzzing with seed {seed}");
        var fuzz = new GatewayFuzz(
            settings.Servers[0], settings.AdminToken!, new ProcessTree(settings.ProcessIds),
            new MonotonicClock(TimeProvider.System));
        return await fuzz.RunAsync(parsed.GetValue(_frames), seed, cancellationToken);
    }
}
