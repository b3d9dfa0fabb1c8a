using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>The real Django, serving the application in <c>site/</c> on loopback.</summary>
public sealed class DjangoSite : IAsyncDisposable
{
    public const string SecretKey = "the-secret-key-of-the-site";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpClient? _http;
    private Process? _process;

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Authentication", "Django", "site");

    /// <summary>Where the site answers.</summary>
    public Uri Uri => _http?.BaseAddress ?? throw new InvalidOperationException("The site has not been started.");

    /// <summary>Starts the site, and returns when it serves.</summary>
    /// <param name="sessionEngine"><c>db</c> or <c>signed_cookies</c>.</param>
    /// <param name="database">Variables that name the database; <c>site/settings.py</c> reads them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task StartAsync(
        string sessionEngine, IReadOnlyDictionary<string, string> database, CancellationToken cancellationToken)
    {
        var python = await PythonAsync(cancellationToken);
        var start = new ProcessStartInfo(python, ["-B", "serve.py"])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SITE_SECRET_KEY"] = SecretKey;
        start.Environment["SITE_SESSION_ENGINE"] = sessionEngine;
        foreach (var (name, value) in database)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => _port.TrySetException(
            new InvalidOperationException($"The site ended:\n{string.Join('\n', _output)}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var port = await _port.Task.WaitAsync(StartLimit, cancellationToken);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
    }

    /// <summary>Does what <c>site/operator_views.py</c> calls so.</summary>
    public async Task<JsonElement> ActAsync(string name, object arguments)
    {
        var ct = TestContext.Current.CancellationToken;
        using var json = new StringContent(JsonSerializer.Serialize(arguments));    // of a known length: it knows no chunks
        var answer = await _http!.PostAsync(new Uri($"operator/{name}/", UriKind.Relative), json, ct);
        Assert.True(answer.IsSuccessStatusCode, $"{name}: {answer.StatusCode}\n{string.Join('\n', _output)}");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("value");
    }

    /// <summary>Creates a user.</summary>
    public async Task<DjangoVisitor> CreateAsync(string? username = null)
    {
        var visitor = new DjangoVisitor(this, username ?? $"d{Guid.NewGuid():N}");
        await ActAsync("create", new { username = visitor.Name, password = DjangoVisitor.Password });
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _http?.Dispose();
    }

    private void Keep(string? line)
    {
        const string Mark = "Serving on ";
        if (line is not null)
        {
            _output.Enqueue(line);
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                _port.TrySetResult(int.Parse(line[Mark.Length..]));
            }
        }
    }

    /// <summary>Debian's own python, which has Debian's packages; another may come before it on the PATH.</summary>
    private static async Task<string> PythonAsync(CancellationToken cancellationToken)
    {
        const string Python = "/usr/bin/python3";
        Requirement.Demand(File.Exists(Python), Python);
        var run = await ProgramRun.OfAsync(
            Python, Folder, StartLimit, cancellationToken, "-c", "import django, psycopg2, rest_framework");
        Requirement.Demand(
            run.ExitCode == 0, $"python3-django, python3-djangorestframework and python3-psycopg2 for {Python}");
        return Python;
    }
}
