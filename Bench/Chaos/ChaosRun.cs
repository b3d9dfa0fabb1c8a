using System.Diagnostics;
using NewLoom.Bench.Cluster;
using NewLoom.Bench.Results;

namespace NewLoom.Bench.Chaos;

/// <summary>Starts a cluster and its clients, lets failures happen, and says whether every promise was kept.</summary>
internal sealed class ChaosRun(ChaosSettings settings, TextWriter progress)
{
    /// <summary>How long a socket may be deaf.</summary>
    public static readonly TimeSpan DeafnessMax = TimeSpan.FromSeconds(15);

    /// <summary>How long a chat may take to recover from the death of its silo.</summary>
    private static readonly TimeSpan RecoveryMax = TimeSpan.FromSeconds(15);

    /// <summary>How long everything may take to be well again after a failure has ended.</summary>
    private static readonly TimeSpan HealthLimit = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private const int UnhealthyMax = 3;

    /// <summary>Queues that can be filled within seconds, and users that may do that.</summary>
    private static readonly (string Key, string Value)[] Limits =
    [
        ("PushStreams__BacklogCount", "200"),
        ("NewLoom__Limits__MessagesPerSecond", "1000"),
    ];

    private readonly ChaosBooks _books = new(TimeProvider.System, progress);
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private int _unhealthy;

    /// <summary>Runs to the end.</summary>
    public async Task<ChaosResult> RunAsync(CancellationToken cancellationToken)
    {
        await SayAsync($"Starting PostgreSQL, {settings.Silos} silos and {settings.Gateways} gateways");
        await using var cluster = await BenchCluster.StartAsync(
            new ClusterPlan
            {
                Silos = settings.Silos,
                Gateways = settings.Gateways,
                Folder = settings.Folder,
                Settings = Limits,
            },
            cancellationToken);
        await using var stored = new StoredLog(cluster.ConnectionString);
        using var load = await ChaosLoad.StartAsync(cluster, _books, settings, cancellationToken);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync(load, watching.Token);
        await UntilHealthyAsync(cluster, load, "the start", needsRecovery: false, cancellationToken);

        var clock = Stopwatch.StartNew();
        await FailAsync(cluster, stored, load, clock, cancellationToken);
        var seconds = clock.Elapsed.TotalSeconds;

        await SayAsync("Letting everything come to its end, and comparing");
        if (!await load.FinishAsync(FinishLimit, cancellationToken))
        {
            var open = load.Senders.Sum(sender => sender.OpenCount);
            _books.Complain($"{open} messages were not confirmed {FinishLimit.TotalSeconds} s after the end");
        }

        await UntilHealthyAsync(cluster, load, "the end", needsRecovery: false, cancellationToken);
        await watching.CancelAsync();
        await watch;
        await load.StopAsync();
        load.ThrowIfFailed();
        await new ChaosAudit(load, stored, _books).RunAsync(
            cluster.Gateways.Select(gateway => gateway.Url), cancellationToken);
        return Result(cluster, load, seconds);
    }

    private async Task FailAsync(
        BenchCluster cluster, StoredLog stored, ChaosLoad load, Stopwatch clock, CancellationToken cancellationToken)
    {
        var plan = new FailurePlan(
            settings.Seed, settings.Silos, settings.Gateways, cluster.Network.CanCut, settings.OutageMax);
        var injector = new FailureInjector(cluster, stored, load, _books);
        for (var count = 0; count < settings.Failures && clock.Elapsed < settings.Duration;)
        {
            IReadOnlyList<Failure> round = [.. plan.Next(settings.Failures - count).Select(injector.Name)];
            count += round.Count;
            var name = string.Join(" + ", round);
            await SayAsync($"#{count} {name}");
            foreach (var failure in round)
            {
                _failures[failure.Kind.ToString()] = _failures.GetValueOrDefault(failure.Kind.ToString()) + 1;
            }

            await Task.WhenAll(round.Select(failure => injector.InjectAsync(failure, cancellationToken)));
            await UntilHealthyAsync(cluster, load, name, needsRecovery: true, cancellationToken);
            CheckRecovery(round);
            load.SendBack();
            load.ThrowIfFailed();
            if (_unhealthy == UnhealthyMax)
            {
                await SayAsync("Giving up");
                return;
            }
        }
    }

    /// <summary>After a killed silo, and nothing else, no chat may take too long.</summary>
    private void CheckRecovery(IReadOnlyList<Failure> round)
    {
        if (round is [{ Kind: FailureKind.SiloKilled }])
        {
            foreach (var (chat, took) in _books.Recoveries.Current.Where(chat => chat.Value > RecoveryMax))
            {
                _books.Complain($"chat {chat} took {took.TotalSeconds:0.0} s to recover from {round[0]}");
            }
        }
    }

    /// <summary>Waits until all processes serve, all chats have recovered and everybody has seen what was
    /// confirmed.</summary>
    private async Task UntilHealthyAsync(
        BenchCluster cluster, ChaosLoad load, string after, bool needsRecovery, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        foreach (var member in cluster.Members)
        {
            if (member.TakeFault() is { } fault)
            {
                _books.Complain($"{member.Name} wrote '{fault}'");
            }
        }

        foreach (var member in cluster.Revive())
        {
            _books.Count($"{(cluster.Silos.Contains(member) ? "silos" : "gateways")} that ended by themselves");
        }

        foreach (var member in cluster.Members)
        {
            try
            {
                await member.UntilReadyAsync(cancellationToken);
            }
            catch (BenchException e) when (clock.Elapsed < HealthLimit)
            {
                _books.Count($"starts that failed: {e.Message.Split('\n')[0]}");
                cluster.Revive();
            }
        }

        var chats = load.Senders.Select(sender => sender.Chat.Id).ToList();
        Dictionary<TopicView, long>? goals = null;
        while (clock.Elapsed < HealthLimit)
        {
            if (!needsRecovery || chats.TrueForAll(_books.Recoveries.Current.ContainsKey))
            {
                goals ??= load.Topics.SelectMany(topic => topic.Views.Select(view => (view, topic.LastConfirmed)))
                    .ToDictionary();
                if (goals.All(goal => goal.Key.LastSeq >= goal.Value))
                {
                    var worst = _books.Recoveries.Current.Values.Append(TimeSpan.Zero).Max();
                    await SayAsync(
                        $"    well after {clock.Elapsed.TotalSeconds:0.0} s, worst chat {worst.TotalSeconds:0.0} s, " +
                        $"longest deafness so far {LongestDeafness(load):0.0} s");
                    return;
                }
            }

            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }

        _unhealthy++;
        var silent = chats.Except(_books.Recoveries.Current.Keys).ToList();
        var behind = goals?.Where(goal => goal.Key.LastSeq < goal.Value).Select(goal => goal.Key.Name) ?? [];
        _books.Complain(
            $"not well {HealthLimit.TotalSeconds} s after {after}: chats without a confirmation: " +
            $"{string.Join(", ", needsRecovery ? silent : [])}; behind: {string.Join(", ", behind)}");
    }

    private async Task WatchAsync(ChaosLoad load, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Poll);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                foreach (var view in load.Topics.SelectMany(topic => topic.Views))
                {
                    if (view.Check(DeafnessMax) is { } late)
                    {
                        _books.Complain(
                            $"{view.Name} has been deaf for {late.TotalSeconds:0.0} s, after {view.LastSeq}");
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private ChaosResult Result(BenchCluster cluster, ChaosLoad load, double seconds)
    {
        var recoveries = _books.Recoveries.Taken;
        return new ChaosResult
        {
            Seed = settings.Seed,
            Seconds = Math.Round(seconds, 1),
            Network = cluster.Network.CanCut
                ? "cuts by network namespaces"
                : "no network cuts: they need network namespaces, and those the rights of root",
            Failures = _failures,
            Counts = _books.Counts,
            Messages = load.Senders.Sum(sender => sender.Confirmed.Count),
            Deliveries = load.Readers.Sum(reader => reader.Seen.Count),
            Reports = load.Publishers.Sum(publisher => publisher.Confirmed.Count),
            Executions = load.Publishers.Sum(
                publisher => publisher.Confirmed.Select(report => report.Execution).Distinct().Count()),
            Recovery = RecoveryTimes.Of(recoveries.Select(recovery => recovery.Took)),
            RecoveryByFailure = recoveries.GroupBy(recovery => recovery.Failure).ToDictionary(
                kind => kind.Key, kind => RecoveryTimes.Of(kind.Select(recovery => recovery.Took))),
            LongestDeafnessSeconds = Math.Round(LongestDeafness(load), 1),
            Violations = [.. _books.Complaints],
        };
    }

    private static double LongestDeafness(ChaosLoad load) =>
        load.Topics.SelectMany(topic => topic.Views).Max(view => view.LongestDeafness).TotalSeconds;

    private Task SayAsync(string what) => progress.WriteLineAsync($"{TimeProvider.System.GetUtcNow():HH:mm:ss} {what}");
}
