using NewLoom.Bench.Deliveries;
using NewLoom.Bench.Processes;
using NewLoom.Bench.Rooms;
using NewLoom.Bench.Sockets;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Scenarios;

/// <summary>The steps that scenarios are made of: prepare the rooms, connect the sockets, run messages.</summary>
public sealed class BenchSession(BenchSettings settings, RoomLayout layout, MonotonicClock clock) : IAsyncDisposable
{
    private static readonly TimeSpan StrayWait = TimeSpan.FromMilliseconds(200);

    private readonly DeliveryListener _listener = new();
    private readonly int _firstRun = Random.Shared.Next(Marker.RunsMax / 2);
    private SocketTarget[] _targets = [];
    private SocketGroup? _group;
    private int _runs;

    /// <summary>The server's processes.</summary>
    public ProcessTree Server { get; } = new(settings.ProcessIds);

    /// <summary>Where sockets meet.</summary>
    public RoomLayout Layout => layout;

    /// <summary>What went wrong so far.</summary>
    public DeliveryListener Listener => _listener;

    /// <summary>Reads the sockets file, or creates users and chats over HTTP.</summary>
    /// <exception cref="BenchException">The rate is more than the users may send; nothing was created then.</exception>
    public async Task PrepareAsync(double rate, CancellationToken cancellationToken)
    {
        if (settings.SocketsFile is { } file)
        {
            _targets = await SocketsFile.ReadAsync(file, layout, cancellationToken);
            return;
        }

        if (rate > layout.MessagesPerSecondMax)
        {
            throw new BenchException(
                $"{layout.Users} users may send {layout.MessagesPerSecondMax:0} messages a second (20 each), " +
                $"so --rate {rate:0.##} would be refused.");
        }

        await Console.Error.WriteLineAsync($"Creating {layout.Users} users and {layout.Rooms} chats");
        using var api = new ApiClient(settings.Servers[0], settings.AdminToken!, clock.Time);
        var prefix = $"bench{clock.Time.GetUtcNow().ToUnixTimeMilliseconds()}";
        _targets = await new RoomSetup(api, prefix).CreateAsync(layout, cancellationToken);
    }

    /// <summary>Opens all sockets and lets the server settle.</summary>
    /// <returns>Sockets opened in a second.</returns>
    public async Task<double> ConnectAsync(CancellationToken cancellationToken)
    {
        var start = clock.Nanoseconds;
        _group = await SocketGroup.OpenAsync(
            settings.Servers, _targets, settings.ConnectsAtOnce, _listener, clock, cancellationToken);
        var seconds = (clock.Nanoseconds - start) / (double)MonotonicClock.Second;
        await Console.Error.WriteLineAsync($"Connected {layout.Sockets} sockets in {seconds:0.0} s");
        await Task.Delay(settings.Settle, clock.Time, cancellationToken);
        return layout.Sockets / seconds;
    }

    /// <summary>Sends at a steady rate for so long, then waits for what is still under way.</summary>
    public async Task<RunOutcome> RunAsync(double rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        var sockets = _group?.Sockets ?? throw new InvalidOperationException("Connect first.");
        var run = _firstRun + _runs++;
        var messages = SendSchedule.MessagesIn(duration, rate);
        var books = new DeliveryBooks(run, layout, messages);
        _listener.Use(books);

        var before = CpuUsage.Read(Server, clock);
        var schedule = new SendSchedule(clock.Nanoseconds, rate, messages);
        var sender = new MessageSender(layout, _targets, sockets, clock, settings.ContentBytes);
        var lag = await sender.SendAsync(run, schedule, cancellationToken);
        await Task.WhenAny(books.Complete, Task.Delay(settings.Drain, clock.Time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        var used = CpuUsage.Read(Server, clock) - before;

        // A doubled delivery comes after the last expected one, if at all.
        await Task.Delay(StrayWait, clock.Time, cancellationToken);
        return new RunOutcome(books.Total(), used, lag.PercentileMicroseconds(99) / 1000.0);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _group?.DisposeAsync() ?? ValueTask.CompletedTask;
}
