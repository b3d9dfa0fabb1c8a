using System.CommandLine;
using NewLoom.Bench.Deliveries;
using NewLoom.Bench.Processes;
using NewLoom.Bench.Results;
using NewLoom.Bench.Rooms;
using NewLoom.Bench.Sockets;
using NewLoom.Bench.Streams;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Scenarios;

/// <summary>Streams that report, and viewers who must see every status, every error and the final counters.</summary>
internal sealed class StreamsCommand : ScenarioCommand
{
    private const string Stats = "stats";
    private const int PublishersUsual = 20;

    private readonly Option<int> _streams = ScenarioOption.Whole("--streams", 1, 1, 100_000, "Streams");

    private readonly Option<int> _viewers = ScenarioOption.Whole(
        "--viewers", 200, 1, 10_000, "Sockets that view each stream");

    private readonly Option<int> _publishers = ScenarioOption.Whole(
        "--publishers", PublishersUsual, 1, 10_000, "Sockets that report, at most one for each stream");

    private readonly Option<double> _rate = ScenarioOption.Real(
        "--rate", 5_000, 0.1, 100_000, "Reports a second of each stream");

    private readonly Option<double> _seconds = ScenarioOption.Seconds("--seconds", 10, "How long to report", 0.1);

    private readonly Option<double> _warmup = ScenarioOption.Seconds(
        "--warmup", 5, "How long to report at the same rate before anything counts");

    private readonly Option<int> _errors = ScenarioOption.Whole(
        "--errors", 100, 0, 1_000_000, "Errors of each stream between its counters");

    private readonly Option<string> _report = new Option<string>("--report")
    {
        Description = "What is reported: counters, which are conflated, or statuses, which are not",
        DefaultValueFactory = _ => Stats,
    }.AcceptOnlyFromAmong(Stats, "status");

    /// <summary>The command <c>streams</c>.</summary>
    public StreamsCommand()
        : base(
            "streams", "Reports to streams; checks what viewers see; reports losses, latency, CPU and memory",
            hasRooms: false)
    {
        Option[] all = [_streams, _viewers, _publishers, _rate, _seconds, _warmup, _errors, _report];
        Array.ForEach(all, Options.Add);
    }

    /// <inheritdoc />
    protected override async Task<ScenarioResult> RunAsync(
        ParseResult parsed, BenchSettings settings, CancellationToken cancellationToken)
    {
        var (streams, rate) = (parsed.GetValue(_streams), parsed.GetValue(_rate));
        var layout = new StreamLayout(
            streams, parsed.GetValue(_viewers), Math.Min(streams, parsed.GetValue(_publishers)));
        var (seconds, sendsStats) = (parsed.GetValue(_seconds), parsed.GetValue(_report) == Stats);
        var plan = ReportPlan.For(streams, rate, seconds, sendsStats ? parsed.GetValue(_errors) : 0, sendsStats);
        var clock = new MonotonicClock(TimeProvider.System);
        var targets = await PrepareAsync(settings, layout, clock, cancellationToken);
        var books = new StreamBooks(layout, targets.StreamIds);
        await using var viewers = await SocketGroup.OpenAsync(
            settings.Servers, targets.Viewers, settings.ConnectsAtOnce, books, clock, cancellationToken);
        await using var publishers = await SocketGroup.OpenAsync(
            settings.Servers, targets.Publishers, settings.ConnectsAtOnce, books, clock, cancellationToken);
        await Task.Delay(settings.Settle, clock.Time, cancellationToken);

        var sender = new ReportSender(layout, targets.StreamIds, publishers.Sockets, clock);
        if (parsed.GetValue(_warmup) is > 0 and var warmup)
        {
            var little = ReportPlan.For(streams, rate, warmup, errors: 0, sendsStats);
            await RunAsync(settings, books, sender, little, rate, clock, cancellationToken);
            RefuseIncomplete(books, settings);
        }

        var server = new ProcessTree(settings.ProcessIds);
        await using var memory = new PeakMemory(server, clock.Time);
        var before = CpuUsage.Read(server, clock);
        var lag = await RunAsync(settings, books, sender, plan, rate, clock, cancellationToken);
        var used = CpuUsage.Read(server, clock) - before;
        var (deliveries, statsFrames, reports) = (books.Total(), books.StatsFrames, (long)plan.Reports * streams);
        return new StreamsResult
        {
            Rooms = layout.Streams,
            Members = layout.Viewers,
            Deliveries = deliveries,
            Errors = books.Troubles,
            Closed = books.Closed,
            FirstTrouble = books.FirstTrouble,
            Rate = rate,
            Seconds = seconds,
            Reports = reports,
            StatsFrames = statsFrames,
            Cpu = server.Known ? ServerCpu.Of(used, deliveries.Received + statsFrames) : null,
            MicrosecondsPerReport = server.Known
                ? Math.Round(used.Server.TotalMicroseconds / reports, 2)
                : null,
            PeakMegabytes = server.Known ? ScenarioResult.Megabytes(memory.Bytes) : null,
            BenchCpuPercent = Math.Round(used.BenchPercent, 1),
            SendLagP99Milliseconds = lag.PercentileMicroseconds(99) / 1000.0,
        };
    }

    /// <summary>What is still under way of the warm-up would be taken for the run's.</summary>
    private static void RefuseIncomplete(StreamBooks books, BenchSettings settings)
    {
        if (!books.Complete.IsCompleted)
        {
            var totals = books.Total();
            throw new BenchException(
                $"{totals.Lost} of {totals.Expected} statuses and errors of the warm-up had not arrived after " +
                $"--drain {settings.Drain.TotalSeconds:0.##} s, so the run would count them" +
                $"{Because(books.FirstTrouble)}.");
        }
    }

    private static string Because(string? trouble) => trouble is null ? "" : $"; first came {trouble}";

    private static async Task<LatencyHistogram> RunAsync(
        BenchSettings settings, StreamBooks books, ReportSender sender, ReportPlan plan, double rate,
        MonotonicClock clock, CancellationToken cancellationToken)
    {
        var schedule = plan.ScheduleFrom(clock.Nanoseconds, rate);
        books.Begin(plan, schedule);
        var lag = await sender.SendAsync(plan, schedule, cancellationToken);
        await Task.WhenAny(books.Complete, Task.Delay(settings.Drain, clock.Time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return lag;
    }

    private static async Task<StreamTargets> PrepareAsync(
        BenchSettings settings, StreamLayout layout, MonotonicClock clock, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync($"Creating {layout.ViewerSockets} viewers and {layout.Streams} streams");
        using var api = new ApiClient(settings.Servers[0], settings.AdminToken!, clock.Time);
        var prefix = $"bench{clock.Time.GetUtcNow().ToUnixTimeMilliseconds()}";
        return await new StreamSetup(api, prefix).CreateAsync(layout, cancellationToken);
    }
}
