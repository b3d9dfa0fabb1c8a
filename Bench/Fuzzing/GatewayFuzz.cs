using NewLoom.Bench.Processes;
using NewLoom.Bench.Results;
using NewLoom.Bench.Rooms;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Fuzzing;

/// <summary>Fuzzes a running gateway: chat and stream sockets of both profiles, a user for each pair.</summary>
public sealed class GatewayFuzz(Uri server, string adminToken, ProcessTree processes, MonotonicClock clock)
{
    private const int Workers = 8;
    private const int WarmPart = 5;
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends so many frames.</summary>
    /// <param name="frames">Frames, over all sockets.</param>
    /// <param name="seed">Where the random numbers start.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task<FuzzResult> RunAsync(long frames, int seed, CancellationToken cancellationToken)
    {
        var books = new FuzzBooks();
        var workers = await PrepareAsync(books, seed, cancellationToken);
        processes.Refresh();
        var start = clock.Nanoseconds;
        var running = Task.WhenAll(workers.Select(worker => worker.RunAsync(frames, cancellationToken)));
        var warm = WatchAsync(books, frames / WarmPart, running, cancellationToken);
        await running;
        var (warmMegabytes, endMegabytes) = (await warm, Memory());
        return new FuzzResult
        {
            Seed = seed,
            Frames = Math.Min(books.Frames, frames),
            Sockets = books.Sockets,
            Replies = books.Replies,
            Closes = books.Closes,
            Troubles = books.Troubles,
            FirstTrouble = books.FirstTrouble,
            Seconds = (clock.Nanoseconds - start) / (double)MonotonicClock.Second,
            WarmMegabytes = warmMegabytes,
            EndMegabytes = endMegabytes,
        };
    }

    private async Task<FuzzWorker[]> PrepareAsync(FuzzBooks books, int seed, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(server, adminToken, clock.Time);
        var prefix = $"fuzz{clock.Time.GetUtcNow().ToUnixTimeMilliseconds()}";
        var workers = new FuzzWorker[Workers];
        for (var i = 0; i < Workers; i++)
        {
            var token = await api.CreateUserAsync($"{prefix}u{i}", cancellationToken);
            var isChat = i % 2 == 0;
            var id = isChat
                ? await api.CreateChatAsync($"{prefix} {i}", token, [], cancellationToken)
                : await api.CreateStreamAsync($"{prefix} {i}", token, [], cancellationToken);
            var frames = new FrameFuzzer(seed + i, isChat ? FrameCorpus.Chat : FrameCorpus.Stream);
            var path = $"/ws/{(isChat ? "chat" : "streams")}/?token={Uri.EscapeDataString(token)}";
            workers[i] = new FuzzWorker(server, path, new WireFuzzer(frames, $"{id}"), books);
        }

        return workers;
    }

    /// <summary>The memory at the moment when so many frames have been sent.</summary>
    private async Task<double?> WatchAsync(
        FuzzBooks books, long frames, Task running, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(WatchInterval, clock.Time);
        while (books.Frames < frames && !running.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken))
        {
        }

        return Memory();
    }

    private double? Memory() => processes.Known ? ScenarioResult.Megabytes(processes.ResidentBytes()) : null;
}
