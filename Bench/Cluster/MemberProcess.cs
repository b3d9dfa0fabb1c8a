using System.Collections.Concurrent;
using System.Diagnostics;
using NewLoom.Bench.Processes;
using NewLoom.Bench.Sockets;

namespace NewLoom.Bench.Cluster;

/// <summary>A silo or a gateway as a process, which may die and be started again in the same place.</summary>
internal sealed class MemberProcess : IAsyncDisposable
{
    private const string Started = "Application started";
    private const int TailLines = 20;

    /// <summary>What .NET writes when a process ends for a fault that nobody has handled.</summary>
    private static readonly string[] FaultWords = ["Unhandled exception", "BackgroundService failed"];

    /// <summary>What a silo writes when more waits for a gateway than may: the log event Overflow of
    /// PushStreams.</summary>
    private const string OverflowWords = "more than may wait for a subscriber";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(90);
    private readonly ProcessStartInfo _start;
    private readonly ConcurrentQueue<string> _tail = new();
    private readonly StreamWriter _log;
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;
    private string? _fault;
    private int _overflowCount;

    /// <summary>Prepares the process.</summary>
    /// <param name="name">What it is called in reports.</param>
    /// <param name="program">The program: <c>Silo</c> or <c>Gateway</c>.</param>
    /// <param name="place">Where it lives.</param>
    /// <param name="environment">Its settings.</param>
    /// <param name="folder">Where it runs, and where its log goes.</param>
    public MemberProcess(
        string name, string program, NetworkPlace place, IEnumerable<(string Key, string Value)> environment,
        string folder)
    {
        (Name, Place) = (name, place);
        var dll = Path.Combine(AppContext.BaseDirectory, $"NewLoom.{program}.dll");
        string[] command = [.. place.Enter, InstalledProgram.Get("dotnet"), dll];
        _start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SocketEngine.Forget(_start.Environment);
        foreach (var (key, value) in environment)
        {
            _start.Environment[key] = value;
        }

        _log = new StreamWriter(Path.Combine(folder, $"{name}.log"));
    }

    /// <summary>What it is called in reports.</summary>
    public string Name { get; }

    /// <summary>Where it lives.</summary>
    public NetworkPlace Place { get; }

    /// <summary>Where it is reached over HTTP.</summary>
    public Uri Url => new($"http://{Place.Address}:{Place.HttpPort}/");

    /// <summary>Whether the process runs, ready or not.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>When it was started the last time, as a timestamp.</summary>
    public long StartedAt { get; private set; }

    /// <summary>What it wrote of a fault in itself since this was asked the last time, or null.</summary>
    public string? TakeFault() => Interlocked.Exchange(ref _fault, null);

    /// <summary>How often more waited for a gateway than may.</summary>
    public int OverflowCount => Volatile.Read(ref _overflowCount);

    /// <summary>Starts the process, without waiting for it to be ready.</summary>
    public void Launch()
    {
        _process?.Dispose();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = _start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Keep(line.Data, ready);
        process.ErrorDataReceived += (_, line) => Keep(line.Data, ready);
        process.Exited += (_, _) => ready.TrySetException(new BenchException($"{Name} ended."));
        (_ready, _process, StartedAt) = (ready, process, TimeProvider.System.GetTimestamp());
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits until it serves.</summary>
    /// <exception cref="BenchException">It ended, or takes too long; with the end of its log.</exception>
    public async Task UntilReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _ready.Task.WaitAsync(StartLimit, TimeProvider.System, cancellationToken);
        }
        catch (Exception e) when (e is BenchException or TimeoutException)
        {
            throw new BenchException($"{Name} did not start: {string.Join('\n', _tail)}", e);
        }
    }

    /// <summary>Sends it a signal.</summary>
    public void Send(int signal) => Signal.Send(ProcessId, signal);

    /// <summary>Ends it at once, and returns when it is gone.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => EndAsync(Signal.Kill, cancellationToken);

    /// <summary>Asks it to end, and returns when it has.</summary>
    /// <exception cref="BenchException">It does not.</exception>
    public Task StopAsync(CancellationToken cancellationToken) => EndAsync(Signal.Terminate, cancellationToken);

    /// <summary>Waits for the end of a process that is to end by itself.</summary>
    /// <returns>Whether it ended in time.</returns>
    public async Task<bool> EndsWithinAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await _process!.WaitForExitAsync(cancellationToken)
                .WaitAsync(limit, TimeProvider.System, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync(CancellationToken.None);
        }

        _process?.Dispose();
        await _log.DisposeAsync();
    }

    private async Task EndAsync(int signal, CancellationToken cancellationToken)
    {
        Send(signal);
        if (!await EndsWithinAsync(StopLimit, cancellationToken))
        {
            Send(Signal.Kill);
            throw new BenchException($"{Name} had not ended {StopLimit.TotalSeconds} s after it was asked to.");
        }
    }

    private void Keep(string? line, TaskCompletionSource ready)
    {
        if (line is null)
        {
            return;
        }

        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.TryDequeue(out _);
            }

            _log.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {line}");
            _log.Flush();
        }

        if (FaultWords.Any(word => line.Contains(word, StringComparison.Ordinal)))
        {
            _fault = line.Trim();
        }

        if (line.Contains(OverflowWords, StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _overflowCount);
        }

        if (line.Contains(Started, StringComparison.Ordinal))
        {
            ready.TrySetResult();
        }
    }
}
