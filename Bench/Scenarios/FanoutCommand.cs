using System.CommandLine;
using NewLoom.Bench.Deliveries;
using NewLoom.Bench.Processes;
using NewLoom.Bench.Results;
using NewLoom.Bench.Rooms;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Scenarios;

/// <summary>A steady rate of messages into all rooms: what does a delivery cost, and how late is it?</summary>
internal sealed class FanoutCommand : ScenarioCommand
{
    private const double RateMax = 100_000;

    private readonly Option<int> _rooms = ScenarioOption.Whole("--rooms", 50, 1, Marker.RoomsMax - 1, "Chats");

    private readonly Option<double> _rate = ScenarioOption.Real(
        "--rate", 100, 0.1, RateMax, "Messages a second, over all rooms");

    private readonly Option<double> _seconds = ScenarioOption.Seconds("--seconds", 15, "How long to send", 0.1);

    private readonly Option<double> _warmup = ScenarioOption.Seconds(
        "--warmup", 3, "How long to send at the same rate before anything counts");

    /// <summary>The command <c>fanout</c>.</summary>
    public FanoutCommand()
        : base("fanout", "Sends at a steady rate into many rooms; reports losses, latency and CPU per delivery")
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
        var rate = parsed.GetValue(_rate);
        var layout = new RoomLayout(parsed.GetValue(_rooms), settings.Members);
        await using var session = new BenchSession(settings, layout, new MonotonicClock(TimeProvider.System));
        await session.PrepareAsync(rate, cancellationToken);
        await session.ConnectAsync(cancellationToken);
        if (parsed.GetValue(_warmup) is > 0 and var warmup)
        {
            await session.RunAsync(rate, TimeSpan.FromSeconds(warmup), cancellationToken);
        }

        await using var memory = new PeakMemory(session.Server, TimeProvider.System);
        var duration = TimeSpan.FromSeconds(parsed.GetValue(_seconds));
        var outcome = await session.RunAsync(rate, duration, cancellationToken);
        return new FanoutResult
        {
            Rooms = layout.Rooms,
            Members = layout.Members,
            Deliveries = outcome.Deliveries,
            Errors = session.Listener.Errors,
            Closed = session.Listener.Closed,
            FirstTrouble = session.Listener.FirstTrouble,
            Rate = rate,
            Seconds = duration.TotalSeconds,
            Cpu = session.Server.Known ? ServerCpu.Of(outcome.Used, outcome.Deliveries.Received) : null,
            PeakMegabytes = session.Server.Known ? ScenarioResult.Megabytes(memory.Bytes) : null,
            BenchCpuPercent = Math.Round(outcome.Used.BenchPercent, 1),
            SendLagP99Milliseconds = outcome.SendLagP99Milliseconds,
        };
    }
}
