using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using NewLoom.Bench.Processes;

namespace NewLoom.Tests.Support;

/// <summary>The real service, or one part of it, as a process of its own, on free loopback ports and a database of its
/// own.</summary>
/// <remarks>May be killed and started again on the same ports and database.</remarks>
public sealed class ServiceProcess : IAsyncDisposable
{
    public const string AdminToken = "the-admin-token-of-the-tests";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Dictionary<string, string?> _environment;
    private Process? _process;

    private readonly string _program;

    /// <param name="settings">Environment variables beside ports, database and admin token; null takes one out,
    /// and <c>{port}</c> stands for the port.</param>
    /// <param name="isOnFile">On a SQLite file whatever the run is on: the test is about files.</param>
    /// <param name="program">The program: <c>Silo</c> or <c>Gateway</c>.</param>
    public ServiceProcess(
        IReadOnlyDictionary<string, string?>? settings = null, bool isOnFile = false, string program = "Silo")
    {
        _program = Path.Combine(AppContext.BaseDirectory, $"NewLoom.{program}.dll");
        Folder = Directory.CreateTempSubdirectory("newloom-test-").FullName;
        Database = new TestDatabase(isOnFile ? true : null);
        Port = FreePorts.Take();
        _environment = new()
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{Port}",
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["NewLoom__SiloPort"] = FreePorts.Take().ToString(),
            ["NewLoom__OrleansGatewayPort"] = FreePorts.Take().ToString(),
            ["NewLoom__AdminToken"] = AdminToken,
            ["NewLoom__Limits__FailedAuthenticationsPerMinute"] = "100000",    // all tests come from one address
        };
        foreach (var (name, value) in Database.Settings.Concat(settings ?? new Dictionary<string, string?>()))
        {
            _environment[name] = value?.Replace("{port}", $"{Port}", StringComparison.Ordinal);
        }
    }

    /// <summary>Where the process runs; removed with it.</summary>
    public string Folder { get; }

    /// <summary>Its database, removed with it.</summary>
    public TestDatabase Database { get; }

    public int Port { get; }

    public Uri HttpUri => new($"http://127.0.0.1:{Port}/");

    /// <summary>The Orleans gateway's port of the silo, or of the one that a gateway without a database calls.</summary>
    public string OrleansGatewayPort => _environment["NewLoom__OrleansGatewayPort"]!;

    /// <summary>Everything the process has written so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The running process.</summary>
    public Process Process => _process ?? throw new InvalidOperationException("The service has not been started.");

    /// <summary>Starts the process without waiting for it to be ready.</summary>
    public Process Launch(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [_program, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return _process;
    }

    /// <summary>Starts the process and returns when it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ready = ready;
        var process = Launch();
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The service ended:\n{Output}"));
        await ready.Task.WaitAsync(StartLimit, cancellationToken);
    }

    /// <summary>Waits until the process has written so many lines with the text in them.</summary>
    public async Task UntilOutputAsync(string text, CancellationToken cancellationToken, int count = 1)
    {
        while (true)
        {
            var wrote = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _wrote, wrote);
            if (_output.Count(line => line.Contains(text, StringComparison.Ordinal)) >= count)
            {
                return;
            }

            await wrote.Task.WaitAsync(StartLimit, cancellationToken);
        }
    }

    /// <summary>Asks the process to stop (SIGTERM).</summary>
    public void Terminate()
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{Process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Kills the process at once (SIGKILL) and returns when it is gone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        Process.Kill();
        await Process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Asks the process to end (SIGTERM) and returns when it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", Process.Id.ToString()]);
        await Process.WaitForExitAsync(cancellationToken);
        return Process.ExitCode;
    }

    /// <summary>An HTTP client that speaks for the bearer of the token.</summary>
    public HttpClient Http(string token = AdminToken)
    {
        var http = new HttpClient { BaseAddress = HttpUri };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync(CancellationToken.None);
        }

        _process?.Dispose();
        Database.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private TaskCompletionSource? _ready;
    private TaskCompletionSource _wrote = new();

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
            Volatile.Read(ref _wrote).TrySetResult();
            if (line.Contains("Application started", StringComparison.Ordinal))
            {
                _ready?.TrySetResult();
            }
        }
    }
}
