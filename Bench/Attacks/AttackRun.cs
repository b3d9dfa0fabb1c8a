using NewLoom.Bench.Deliveries;
using NewLoom.Bench.Processes;
using NewLoom.Bench.Results;
using NewLoom.Bench.Rooms;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Attacks;

/// <summary>One attack after another on a running gateway, while well-behaved clients take the time of their
/// messages.</summary>
public sealed class AttackRun(Uri server, string adminToken, ProcessTree processes, MonotonicClock clock)
{
    private const int Clients = 4;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MemoryLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MemoryInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>All attacks.</summary>
    public static IReadOnlyList<IAttack> All(TimeProvider time) =>
    [
        new NoAttack(time),
        new SilentSockets(),
        new SlowHandshakes(time),
        FloodedSockets.WithPieces(),
        FloodedSockets.WithPings(),
        new DeafReaders(time),
        new BadTokens(),
    ];

    /// <summary>Runs them.</summary>
    /// <param name="attacks">Which, in order.</param>
    /// <param name="duration">How long each may last.</param>
    /// <param name="scale">How large they are: 1 is full size.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task<AttacksResult> RunAsync(
        IReadOnlyList<IAttack> attacks, TimeSpan duration, double scale, CancellationToken cancellationToken)
    {
        if (!server.IsLoopback)
        {
            throw new BenchException($"Attacks are for this machine's own gateway, and {server} is not that.");
        }

        using var api = new ApiClient(server, adminToken, clock.Time);
        var prefix = $"attack{clock.Time.GetUtcNow().ToUnixTimeMilliseconds()}";
        var target = new AttackTarget(server, api, prefix, scale);
        var clients = new List<WellBehavedClient>();
        try
        {
            for (var i = 0; i < Clients; i++)
            {
                var room = await target.CreateRoomAsync(users: 1, cancellationToken);
                clients.Add(new WellBehavedClient(server, room[0], clock));
            }

            await Task.Delay(Quiet, clock.Time, cancellationToken);
            var outcomes = new List<AttackOutcome>();
            foreach (var attack in attacks)
            {
                await attack.PrepareAsync(target, cancellationToken);
                outcomes.Add(await RunOneAsync(attack, target, clients, duration, cancellationToken));
                await Console.Error.WriteLineAsync($"{attack.Name}: {outcomes[^1].P99Milliseconds:0.0} ms p99");
            }

            return new AttacksResult { Outcomes = outcomes };
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private async Task<AttackOutcome> RunOneAsync(
        IAttack attack, AttackTarget target, List<WellBehavedClient> clients, TimeSpan duration,
        CancellationToken cancellationToken)
    {
        processes.Refresh();
        Take(clients);
        var before = Memory();
        var start = clock.Nanoseconds;
        string answer;
        long peak;
        await using (var watch = new PeakMemory(processes, clock.Time))
        using (var lasting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            lasting.CancelAfter(duration);
            answer = await attack.RunAsync(target, lasting.Token);
            cancellationToken.ThrowIfCancellationRequested();
            peak = watch.Bytes;
        }

        var seconds = (clock.Nanoseconds - start) / (double)MonotonicClock.Second;
        var latency = Take(clients);
        return new AttackOutcome
        {
            Attack = attack.Name,
            Answer = answer,
            Seconds = seconds,
            Messages = latency.Count,
            P50Milliseconds = latency.PercentileMicroseconds(50) / 1_000.0,
            P99Milliseconds = latency.PercentileMicroseconds(99) / 1_000.0,
            MaxMilliseconds = latency.MaxMicroseconds / 1_000.0,
            BeforeMegabytes = before,
            PeakMegabytes = processes.Known ? ScenarioResult.Megabytes(peak) : null,
            AfterMegabytes = await MemoryAfterAsync(before, cancellationToken),
            Trouble = clients.Select(client => client.Trouble).FirstOrDefault(trouble => trouble is not null),
        };
    }

    private static LatencyHistogram Take(List<WellBehavedClient> clients)
    {
        var all = new LatencyHistogram();
        clients.ForEach(client => all.Add(client.Take()));
        return all;
    }

    private async Task<double?> MemoryAfterAsync(double? before, CancellationToken cancellationToken)
    {
        var start = clock.Nanoseconds;
        using var timer = new PeriodicTimer(MemoryInterval, clock.Time);
        while (before is { } megabytes
            && !AttackOutcome.IsBack(megabytes, Memory()!.Value)
            && clock.Nanoseconds - start < MemoryLimit.TotalSeconds * MonotonicClock.Second)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return Memory();
    }

    private double? Memory() => processes.Known ? ScenarioResult.Megabytes(processes.ResidentBytes()) : null;
}
