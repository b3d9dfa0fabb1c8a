using System.Diagnostics;
using NewLoom.Bench.Cluster;
using NewLoom.Bench.Results;
using NewLoom.Bench.Rooms;

namespace NewLoom.Bench.Chaos;

/// <summary>Kills one silo of a cluster whose chats all are in use, and takes each chat's time.</summary>
internal sealed class RecoveryRun(RecoverySettings settings, TextWriter progress)
{
    private const int CallsAtOnce = 8;
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly ChaosBooks _books = new(TimeProvider.System);

    /// <summary>Runs to the end; the silo stays dead.</summary>
    public async Task<RecoveryResult> RunAsync(CancellationToken cancellationToken)
    {
        await SayAsync($"Starting PostgreSQL, {settings.Silos} silos and {settings.Gateways} gateways");
        await using var cluster = await BenchCluster.StartAsync(
            new ClusterPlan { Silos = settings.Silos, Gateways = settings.Gateways, Folder = settings.Folder },
            cancellationToken);
        await SayAsync($"Creating {settings.Chats} chats");
        var senders = await CreateAsync(cluster, cancellationToken);
        using var ending = new CancellationTokenSource();
        var running = senders.Select(sender => sender.RunAsync(ending.Token)).ToList();

        _books.Recoveries.Begin("the start");
        await UntilAllAsync(cancellationToken);
        await Task.Delay(settings.Settle, TimeProvider.System, cancellationToken);
        var places = await GrainPlaces.OfAsync(cluster.ConnectionString, "chat", cancellationToken);
        var victim = cluster.Silos[^1];
        var address = $"{victim.Place.Address}:{victim.Place.SiloPort}";
        await SayAsync($"Killing {victim.Name}, with {places.Values.Count(place => place == address)} chats");

        _books.Recoveries.Begin("silo killed");
        await victim.KillAsync(cancellationToken);
        var haveAll = await UntilAllAsync(cancellationToken);
        await ending.CancelAsync();
        await Task.WhenAll(running);

        var times = _books.Recoveries.Current;
        return new RecoveryResult
        {
            Chats = settings.Chats,
            Silos = settings.Silos,
            HaveAllRecovered = haveAll,
            Violations = [.. _books.Complaints],
            OfKilled = [.. times.Where(time => places.GetValueOrDefault(time.Key) == address)
                .Select(time => time.Value.TotalSeconds).Order()],
            OfOthers = [.. times.Where(time => places.GetValueOrDefault(time.Key) != address)
                .Select(time => time.Value.TotalSeconds).Order()],
        };
    }

    private async Task<List<ChatSender>> CreateAsync(BenchCluster cluster, CancellationToken cancellationToken)
    {
        var gateways = cluster.Gateways.Select(gateway => gateway.Url).ToArray();
        using var api = new ApiClient(gateways[0], BenchCluster.AdminToken, TimeProvider.System);
        var users = new string[(settings.Chats + RecoverySettings.ChatsPerUser - 1) / RecoverySettings.ChatsPerUser];
        var senders = new ChatSender[settings.Chats];
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = CallsAtOnce,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, users.Length, options, async (user, cancellation) =>
            users[user] = await api.CreateUserAsync($"user{user}", cancellation));
        await Parallel.ForAsync(0, settings.Chats, options, async (number, cancellation) =>
        {
            var token = users[number % users.Length];
            var id = await api.CreateChatAsync($"chat {number}", token, [], cancellation);
            senders[number] = new ChatSender(
                new Topic("chat", id, TimeProvider.System), $"user{number % users.Length}", gateways, number)
            {
                Books = _books,
                Token = token,
                Interval = settings.Interval,
            };
        });
        return [.. senders];
    }

    private async Task<bool> UntilAllAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (_books.Recoveries.Current.Count < settings.Chats)
        {
            if (clock.Elapsed > RecoveryLimit)
            {
                return false;
            }

            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }

        return true;
    }

    private Task SayAsync(string what) => progress.WriteLineAsync(what);
}

/// <summary>What a run of one killed silo is like.</summary>
internal sealed record RecoverySettings
{
    /// <summary>Chats of one user: with a message a second each they stay below the limit for a user.</summary>
    public const int ChatsPerUser = 10;

    /// <summary>Chats.</summary>
    public required int Chats { get; init; }

    /// <summary>Silos before one is killed.</summary>
    public required int Silos { get; init; }

    /// <summary>Gateways.</summary>
    public required int Gateways { get; init; }

    /// <summary>How often each chat's sender sends.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>How long everything runs before the silo is killed.</summary>
    public required TimeSpan Settle { get; init; }

    /// <summary>Where logs of the processes go.</summary>
    public required string Folder { get; init; }
}
