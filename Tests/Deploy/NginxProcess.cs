using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Deploy;

/// <summary>A real nginx with the configuration of deploy/nginx; addresses and paths alone are other ones.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private const int Port = 8443;
    private const string DebianProgram = "/usr/sbin/nginx";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("newloom-nginx-");
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _address;
    private readonly Process _process;
    private readonly SelfSignedCertificate _certificate;

    /// <param name="address">Where it listens, and from where it calls.</param>
    /// <param name="hosts">The addresses of the hosts that the configuration names.</param>
    public NginxProcess(string address, IReadOnlyDictionary<string, string> hosts)
    {
        var program = Program();
        _address = address;
        _certificate = new SelfSignedCertificate(
            IPAddress.Parse(address), PathOf("tls_certificate"), PathOf("tls_key"));
        File.WriteAllText(PathOf("nginx.conf"), Configuration(address, hosts));
        _process = new Process
        {
            StartInfo = new(program, ["-e", "stderr", "-c", PathOf("nginx.conf"), "-g", "daemon off;"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"nginx ended:\n{Output}"));
    }

    public Uri HttpsUri => new($"https://{_address}:{Port}/");

    /// <summary>All that it has logged, of requests and otherwise.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Where nginx is; the test is skipped where it is nowhere.</summary>
    public static string Program() => File.Exists(DebianProgram) ? DebianProgram : Requirement.Program("nginx");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await _ready.Task.WaitAsync(Limit, cancellationToken);
    }

    /// <summary>A client that speaks for the bearer of the token, if there is one.</summary>
    public HttpClient Http(string? token = null)
    {
        var handler = _certificate.Handler();
        handler.UseCookies = false;
        var http = new HttpClient(handler) { BaseAddress = HttpsUri };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return http;
    }

    /// <summary>Opens a chat socket by WSS.</summary>
    public Task<TestSocket> OpenAsync(string token, string query) => TestSocket.OpenAsync(
        new Uri($"wss://{_address}:{Port}/ws/chat/?token={token}&{query}"),
        options => options.RemoteCertificateValidationCallback = _certificate.IsOurs);

    /// <summary>Asks it to stop at once and returns when all has been logged.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync().WaitAsync(Limit);
        }

        await _process.WaitForExitAsync().WaitAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Configuration(string address, IReadOnlyDictionary<string, string> hosts)
    {
        var text = File.ReadAllText(DeployFiles.PathOf("deploy", "nginx", "nginx.conf"))
            .Replace(" /tmp/", $" {_folder.FullName}/", StringComparison.Ordinal)
            .Replace(" /run/secrets/", $" {_folder.FullName}/", StringComparison.Ordinal)
            .Replace($"listen {Port} ", $"proxy_bind {address}; listen {address}:{Port} ", StringComparison.Ordinal);
        return hosts.Aggregate(text, (configuration, host) =>
            configuration.Replace($" {host.Key}:", $" {host.Value}:", StringComparison.Ordinal));
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
            if (line.EndsWith("start worker processes", StringComparison.Ordinal))
            {
                _ready.TrySetResult();
            }
        }
    }
}
