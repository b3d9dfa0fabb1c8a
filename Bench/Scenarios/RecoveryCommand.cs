using System.CommandLine;
using NewLoom.Bench.Chaos;
using NewLoom.Bench.Cluster;
using NewLoom.Bench.Results;

namespace NewLoom.Bench.Scenarios;

/// <summary>One silo of a cluster is killed: how soon is each of its chats back?</summary>
internal sealed class RecoveryCommand : ScenarioCommand
{
    private readonly Option<int> _chats = ScenarioOption.Whole("--chats", 500, 1, 10_000, "Chats, a sender in each");
    private readonly Option<int> _silos = ScenarioOption.Whole("--silos", 3, 2, 20, "Silos, one of which is killed");
    private readonly Option<int> _gateways = ScenarioOption.Whole("--gateways", 2, 1, 20, "Gateways");
    private readonly Option<double> _interval = ScenarioOption.Seconds(
        "--interval", 1, "How often each sender sends", 0.5);

    private readonly Option<double> _settle = ScenarioOption.Seconds(
        "--settle", 10, "How long everything runs before the silo is killed");

    private readonly Option<string?> _plot = new("--plot") { Description = "Draw the times of all chats (SVG)" };

    /// <summary>The command <c>recovery</c>.</summary>
    public RecoveryCommand()
        : base(
            "recovery",
            "Starts a cluster on this machine, kills one silo, and takes the time until each of its chats confirms a " +
            "message that was first sent after that; the silo is not started again. Clean is a median below 5 s with " +
            "the slowest below 15 s.",
            hasRooms: false, hasDeliveries: false, hasServer: false, isIsolated: true)
    {
        ReadOnlySpan<Option> options = [_chats, _silos, _gateways, _interval, _settle, _plot];
        foreach (var option in options)
        {
            Options.Add(option);
        }
    }

    /// <inheritdoc />
    protected override async Task<ScenarioResult> RunAsync(
        ParseResult parsed, BenchSettings settings, CancellationToken cancellationToken)
    {
        using var folder = new LogFolder(null);
        var run = new RecoveryRun(
            new RecoverySettings
            {
                Chats = parsed.GetValue(_chats),
                Silos = parsed.GetValue(_silos),
                Gateways = parsed.GetValue(_gateways),
                Interval = TimeSpan.FromSeconds(parsed.GetValue(_interval)),
                Settle = TimeSpan.FromSeconds(parsed.GetValue(_settle)),
                Folder = folder.Path,
            },
            Console.Error);
        var result = await run.RunAsync(cancellationToken);
        await folder.EndAsync(result.Clean);
        if (parsed.GetValue(_plot) is { } plot)
        {
            await File.WriteAllTextAsync(plot, RecoveryPlot.Draw(result), cancellationToken);
        }

        return result;
    }
}
