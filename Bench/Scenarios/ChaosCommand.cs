using System.CommandLine;
using NewLoom.Bench.Chaos;
using NewLoom.Bench.Cluster;
using NewLoom.Bench.Results;

namespace NewLoom.Bench.Scenarios;

/// <summary>A cluster of processes to which everything happens that can: does it keep its promises?</summary>
internal sealed class ChaosCommand : ScenarioCommand
{
    private const string Text = """
        Starts PostgreSQL, silos and gateways on this machine, lets senders, readers, publishers and viewers use them,
        lets failures happen and says whether every promise was kept:

          - A message that was confirmed is stored once, at the seq that was confirmed.
          - What each reader saw, over all its sockets, is what is stored: in order, no gap, nothing twice.
          - No socket is deaf: what was confirmed while a socket was subscribed comes within 15 s of the confirmation,
            or of the end of an outage (database unreachable, all processes down) that lay between, unless the socket
            ends before and the client so knows.
          - An execution of a job has one order of statuses and errors without gaps; nothing comes after its end;
            confirmed reports are stored; each viewer sees a true snapshot and then everything in order.
          - After each failure everything is well again within 90 s: all processes serve, every chat has confirmed a
            message that was first sent after it, everybody has seen everything.

        Recovery of a chat is the time from a failure (of an outage: from its end) to the first confirmation of a
        message that was first sent after it. Network cuts need root, for network namespaces; without it they are left
        out.
        """;

    private readonly Option<double> _minutes = ScenarioOption.Real(
        "--minutes", 30, 0.1, 24 * 60, "Begin no failure after this time");

    private readonly Option<int> _failures = ScenarioOption.Whole(
        "--failures", 1_000_000, 1, 1_000_000, "End after so many failures");

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Where the random numbers start",
        DefaultValueFactory = _ => Random.Shared.Next(),
    };

    private readonly Option<double> _outage = ScenarioOption.Seconds(
        "--outage-max", 60, "The longest time for which the database is unreachable or a network is cut");

    private readonly Option<int> _silos = ScenarioOption.Whole("--silos", 3, 2, 20, "Silos");
    private readonly Option<int> _gateways = ScenarioOption.Whole("--gateways", 2, 1, 20, "Gateways");
    private readonly Option<int> _chats = ScenarioOption.Whole("--chats", 12, 1, 1_000, "Chats");
    private readonly Option<int> _streams = ScenarioOption.Whole("--streams", 4, 1, 1_000, "Streams");
    private readonly Option<double> _interval = ScenarioOption.Seconds(
        "--interval", 0.3, "How often a sender sends and a publisher reports", 0.01);

    private readonly Option<string?> _logs = new("--logs")
    {
        Description = "The folder for the logs of all processes (default: a temporary one, removed when all is clean)",
    };

    /// <summary>The command <c>chaos</c>.</summary>
    public ChaosCommand()
        : base("chaos", Text, hasRooms: false, hasDeliveries: false, hasServer: false, isIsolated: true)
    {
        ReadOnlySpan<Option> options =
            [_minutes, _failures, _seed, _outage, _silos, _gateways, _chats, _streams, _interval, _logs];
        foreach (var option in options)
        {
            Options.Add(option);
        }
    }

    /// <inheritdoc />
    protected override async Task<ScenarioResult> RunAsync(
        ParseResult parsed, BenchSettings settings, CancellationToken cancellationToken)
    {
        var seed = parsed.GetValue(_seed);
        await Console.Error.WriteLineAsync($"Seed {seed}");
        using var folder = new LogFolder(parsed.GetValue(_logs));
        var run = new ChaosRun(
            new ChaosSettings
            {
                Seed = seed,
                Failures = parsed.GetValue(_failures),
                Duration = TimeSpan.FromMinutes(parsed.GetValue(_minutes)),
                OutageMax = TimeSpan.FromSeconds(parsed.GetValue(_outage)),
                Silos = parsed.GetValue(_silos),
                Gateways = parsed.GetValue(_gateways),
                Chats = parsed.GetValue(_chats),
                Streams = parsed.GetValue(_streams),
                Interval = TimeSpan.FromSeconds(parsed.GetValue(_interval)),
                Folder = folder.Path,
            },
            Console.Error);
        var result = await run.RunAsync(cancellationToken);
        await folder.EndAsync(result.Clean);
        return result;
    }
}
