using System.CommandLine;
using NewLoom.Bench.Results;
using NewLoom.Bench.Rooms;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Scenarios;

/// <summary>Many sockets that do nothing: what does one cost in memory? A message per room then checks all.</summary>
internal sealed class IdleCommand : ScenarioCommand
{
    private const double ProbeRateMin = 50;
    private const double ProbeSeconds = 3;

    private readonly Option<int> _sockets = ScenarioOption.Whole(
        "--sockets", 1_000, 1, 1_000_000, "Sockets; a multiple of --members");

    private readonly Option<double> _hold = ScenarioOption.Seconds("--hold", 10, "How long nothing happens");

    /// <summary>The command <c>idle</c>.</summary>
    public IdleCommand()
        : base("idle", "Opens many sockets; reports the server's memory for each; then sends one message per room")
    {
        Options.Add(_sockets);
        Options.Add(_hold);
    }

    /// <inheritdoc />
    protected override async Task<ScenarioResult> RunAsync(
        ParseResult parsed, BenchSettings settings, CancellationToken cancellationToken)
    {
        var layout = LayoutOf(parsed.GetValue(_sockets), settings);
        var probeRate = Math.Max(
            Math.Min(ProbeRateMin, layout.MessagesPerSecondMax),
            Math.Min(layout.Rooms / ProbeSeconds, layout.MessagesPerSecondMax));
        await using var session = new BenchSession(settings, layout, new MonotonicClock(TimeProvider.System));
        await session.PrepareAsync(probeRate, cancellationToken);

        session.Server.Refresh();
        var before = session.Server.ResidentBytes();
        var connectsPerSecond = await session.ConnectAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(parsed.GetValue(_hold)), TimeProvider.System, cancellationToken);
        session.Server.Refresh();
        var after = session.Server.ResidentBytes();

        var probe = TimeSpan.FromSeconds(layout.Rooms / probeRate);
        var outcome = await session.RunAsync(probeRate, probe, cancellationToken);
        return new IdleResult
        {
            Rooms = layout.Rooms,
            Members = layout.Members,
            Deliveries = outcome.Deliveries,
            Errors = session.Listener.Errors,
            Closed = session.Listener.Closed,
            FirstTrouble = session.Listener.FirstTrouble,
            Sockets = layout.Sockets,
            ConnectsPerSecond = Math.Round(connectsPerSecond),
            BeforeMegabytes = ScenarioResult.Megabytes(before),
            AfterMegabytes = ScenarioResult.Megabytes(after),
            KilobytesPerSocket = Math.Round((after - before) / 1024.0 / layout.Sockets, 2),
        };
    }

    private static RoomLayout LayoutOf(int sockets, BenchSettings settings)
    {
        if (sockets % settings.Members != 0)
        {
            throw new BenchException($"--sockets {sockets} is not a multiple of --members {settings.Members}.");
        }

        return settings.ProcessIds.Count > 0
            ? new RoomLayout(sockets / settings.Members, settings.Members)
            : throw new BenchException("idle measures the server's memory, so it needs --pid.");
    }
}
