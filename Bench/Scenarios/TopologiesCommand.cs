using System.CommandLine;
using NewLoom.Bench.Cluster;
using NewLoom.Bench.Deliveries;
using NewLoom.Bench.Processes;
using NewLoom.Bench.Results;
using NewLoom.Bench.Rooms;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Scenarios;

/// <summary>The same load on one cluster after the other: what do more silos and gateways cost, and bring?</summary>
internal sealed class TopologiesCommand : ScenarioCommand
{
    private const int GatewaysApart = 2;

    /// <summary>By how much the rate grows until a topology does not keep up any more.</summary>
    private const double Growth = 1.3;

    private static readonly int[] SiloCounts = [1, 2, 4];

    private readonly Option<int> _rooms = ScenarioOption.Whole("--rooms", 200, 1, Marker.RoomsMax - 1, "Chats");

    private readonly Option<double> _rate = ScenarioOption.Real(
        "--rate", 250, 1, 10_000, "Messages a second for latency and cost; then more and more");

    private readonly Option<double> _seconds = ScenarioOption.Seconds(
        "--seconds", 6, "How long each rate is sent", 0.1);

    private readonly Option<double> _warmup = ScenarioOption.Seconds(
        "--warmup", 40, "How long to send before anything counts, until .NET has compiled what is hot everywhere", 0.1);

    /// <summary>The command <c>topologies</c>.</summary>
    public TopologiesCommand()
        : base(
            "topologies",
            "Starts one process with SQLite, then clusters on PostgreSQL with 1, 2 and 4 silos, gateways in their " +
            $"processes or {GatewaysApart} apart, one after the other on this machine; takes latency, CPU per " +
            "delivery and the most deliveries a second that each keeps up with.",
            hasServer: false)
    {
        Options.Add(_rooms);
        Options.Add(_rate);
        Options.Add(_seconds);
        Options.Add(_warmup);
    }

    /// <inheritdoc />
    protected override async Task<ScenarioResult> RunAsync(
        ParseResult parsed, BenchSettings settings, CancellationToken cancellationToken)
    {
        var load = new Load(
            new RoomLayout(parsed.GetValue(_rooms), settings.Members), parsed.GetValue(_rate),
            TimeSpan.FromSeconds(parsed.GetValue(_warmup)), TimeSpan.FromSeconds(parsed.GetValue(_seconds)));
        var figures = new List<TopologyFigures>();
        using var folder = new LogFolder(null);
        var single = new ClusterPlan
        {
            Silos = 1,
            Gateways = 0,
            Folder = folder.Path,
            IsSqlite = true,
            IsMeasured = true,
        };
        ClusterPlan[] plans =
        [
            single,
            .. SiloCounts.Select(silos => single with { IsSqlite = false, Silos = silos }),
            .. SiloCounts.Select(silos => single with { IsSqlite = false, Silos = silos, Gateways = GatewaysApart }),
        ];
        foreach (var plan in plans)
        {
            await Console.Error.WriteLineAsync($"Starting {NameOf(plan)}");
            await using var cluster = await BenchCluster.StartAsync(plan, cancellationToken);
            figures.Add(await MeasureAsync(NameOf(plan), cluster, load, settings, cancellationToken));
        }

        var result = new TopologiesResult
        {
            Topologies = figures,
            Rate = load.Rate,
            Members = settings.Members,
        };
        await folder.EndAsync(result.Clean);
        return result;
    }

    private static string NameOf(ClusterPlan plan) => plan switch
    {
        { IsSqlite: true } => "1 process, SQLite",
        { Gateways: 0, Silos: 1 } => "1 process, PostgreSQL",
        { Gateways: 0 } => $"{plan.Silos} processes, PostgreSQL",
        _ => $"{plan.Silos} silo{(plan.Silos == 1 ? "" : "s")}, {plan.Gateways} gateways apart, PostgreSQL",
    };

    private static async Task<TopologyFigures> MeasureAsync(
        string name, BenchCluster cluster, Load load, BenchSettings settings, CancellationToken cancellationToken)
    {
        var own = settings with
        {
            Servers = [.. cluster.Doors.Select(door => door.Url)],
            AdminToken = BenchCluster.AdminToken,
            ProcessIds = [.. cluster.Members.Select(member => member.ProcessId)],
        };
        await using var session = new BenchSession(own, load.Layout, new MonotonicClock(TimeProvider.System));
        await session.PrepareAsync(load.Rate, cancellationToken);
        await session.ConnectAsync(cancellationToken);
        await session.RunAsync(load.Rate, load.WarmUp, cancellationToken);

        var database = new ProcessTree(cluster.Database.ProcessId is { } id ? [id] : []);
        database.Refresh();
        var before = database.CpuTime();
        var outcome = await session.RunAsync(load.Rate, load.Duration, cancellationToken);
        var databaseTime = database.CpuTime() - before;
        var deliveries = outcome.Deliveries;
        return new TopologyFigures
        {
            Name = name,
            Cpu = ServerCpu.Of(outcome.Used, deliveries.Received),
            DatabaseMicrosecondsPerDelivery = databaseTime.TotalMicroseconds / Math.Max(1, deliveries.Received),
            P50Milliseconds = deliveries.P50Milliseconds,
            P99Milliseconds = deliveries.P99Milliseconds,
            IsClean = deliveries.Clean && session.Listener is { Errors: 0, Closed: 0 },
            BenchCpuPercent = outcome.Used.BenchPercent,
            KeptUp = await FindMostAsync(session, load, outcome, cancellationToken) * load.Layout.Members,
        };
    }

    /// <summary>Sends more and more, until it was too much twice in a row: once may be somebody else's doing.</summary>
    /// <returns>The most messages a second that were kept up with.</returns>
    private static async Task<double> FindMostAsync(
        BenchSession session, Load load, RunOutcome first, CancellationToken cancellationToken)
    {
        var most = HasKeptUp(first) ? load.Rate : 0;
        var failures = most == 0 ? 1 : 0;
        for (var rate = load.Rate * Growth; rate <= load.Layout.MessagesPerSecondMax && failures < 2; rate *= Growth)
        {
            var hasKeptUp = HasKeptUp(await session.RunAsync(rate, load.Duration, cancellationToken));
            (most, failures) = hasKeptUp ? (rate, 0) : (most, failures + 1);
        }

        return most;
    }

    private static bool HasKeptUp(RunOutcome outcome) => outcome.Deliveries is { Clean: true } deliveries
        && deliveries.P99Milliseconds < TopologyFigures.KeptUpMilliseconds;

    private sealed record Load(RoomLayout Layout, double Rate, TimeSpan WarmUp, TimeSpan Duration);
}
