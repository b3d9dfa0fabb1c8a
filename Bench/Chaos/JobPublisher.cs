using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace NewLoom.Bench.Chaos;

/// <summary>A worker: runs one execution after the other under a lease, reports over HTTP, and repeats each report on
/// the other gateway until it is answered. Two of them on one stream fight for it.</summary>
internal sealed class JobPublisher(Topic stream, string name, IReadOnlyList<Uri> gateways, int first, int seed)
    : IDisposable
{
    private const int LeaseSeconds = 30;
    private static readonly string[] Ends = ["completed", "failed", "cancelled"];

    /// <summary>Longer than a gateway takes to say that something is unavailable.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(300);
    private readonly HttpClient _http = new() { Timeout = AnswerLimit };
    private readonly Random _random = new(seed);
    private readonly List<JobReport> _confirmed = [];
    private int _gateway = first;
    private int _errorCount;
    private volatile bool _isFinishing;

    /// <summary>What clients were told.</summary>
    public required ChaosBooks Books { get; init; }

    /// <summary>Who it is.</summary>
    public required string Token { get; init; }

    /// <summary>How often it reports.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>The stream.</summary>
    public Topic Stream => stream;

    /// <summary>The reports that were confirmed, in order.</summary>
    public IReadOnlyList<JobReport> Confirmed => _confirmed;

    /// <summary>Begins no execution any more; <see cref="RunAsync"/> ends with the current one.</summary>
    public void Finish() => _isFinishing = true;

    /// <summary>Runs until it is finished, or the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!_isFinishing)
            {
                await ExecuteAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (!await ReportAsync("running", null, null, cancellationToken))
        {
            return;
        }

        var steps = _random.Next(5, 30);
        for (var step = 1; step <= steps && !_isFinishing; step++)
        {
            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
            var isTaken = _random.Next(10) switch
            {
                0 => await ReportAsync(null, $"{name} error {++_errorCount}", null, cancellationToken),
                1 => await ReportAsync("paused", null, null, cancellationToken)
                    && await ReportAsync("running", null, null, cancellationToken),
                _ => await ReportAsync(null, null, step, cancellationToken),
            };
            if (!isTaken)
            {
                return;    // it has ended already: by the other one, or by the service
            }
        }

        await ReportAsync(Ends[_random.Next(Ends.Length)], null, null, cancellationToken);
    }

    /// <returns>Whether it was taken; else the execution has finished.</returns>
    private async Task<bool> ReportAsync(
        string? status, string? error, long? processed, CancellationToken cancellationToken)
    {
        var (what, body) = (status, error) switch
        {
            (not null, _) => ("status", (object)new { status, lease_seconds = LeaseSeconds }),
            (_, not null) => ("errors", new { message = error, code = "CHAOS" }),
            _ => ("stats", new { processed_count = processed }),
        };
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (await TryAsync(what, body, cancellationToken))
            {
                case { } answer when answer.ValueKind == JsonValueKind.Object:
                    var report = new JobReport(
                        answer.GetProperty("execution").GetInt32(), answer.GetProperty("version").GetInt64(), status,
                        error, processed);
                    _confirmed.Add(report);
                    if (processed is null)
                    {
                        stream.Confirm(report.Version);
                    }

                    return true;
                case { }:
                    return false;
                default:
                    _gateway++;
                    await Task.Delay(RetryPause, TimeProvider.System, cancellationToken);
                    break;
            }
        }
    }

    /// <returns>The answer; one without a value when the execution has finished; null: try again.</returns>
    private async Task<JsonElement?> TryAsync(string what, object body, CancellationToken cancellationToken)
    {
        var address = new Uri(gateways[_gateway % gateways.Count], $"api/streams/{stream.Id}/{what}");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            using var response = await _http.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            }

            if (response.StatusCode == HttpStatusCode.Conflict)
            {
                return default(JsonElement);
            }

            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                Books.Count("answers 503 to a report");
                return null;
            }

            Books.Complain(
                $"a report to {stream} was answered with {(int)response.StatusCode}: " +
                await response.Content.ReadAsStringAsync(cancellationToken));
            return null;
        }
        catch (Exception e) when (JsonSocket.IsCutOff(e) && !cancellationToken.IsCancellationRequested)
        {
            Books.Count("reports without an answer");
            return null;
        }
    }
}
