using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Clients;

/// <summary>A job whose stream is watched on the page; it reports over HTTP.</summary>
internal sealed record PageJob(HttpClient Http, long StreamId) : IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Creates its stream, which the viewer may see.</summary>
    public static async Task<PageJob> OpenAsync(ServiceProcess service, string ownerToken, string name, string viewer)
    {
        var http = service.Http(ownerToken);
        var made = await http.PostAsJsonAsync("api/streams", new { name, viewers = new[] { viewer } }, Ct);
        var stream = await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(Ct);
        return new PageJob(http, stream!.Get<long>("stream_id"));
    }

    public Task StatusAsync(string status) => ReportAsync("status", new { status });

    /// <summary>Reports counters; without a total the service makes one up.</summary>
    public Task StatsAsync(long processed, long failed, long? total = null) => ReportAsync(
        "stats", new { processed_count = processed, failed_count = failed, total_count = total });

    public Task ErrorAsync(string message) => ReportAsync("errors", new { message, code = "E" });

    /// <summary>The execution time that the service keeps of the only past execution.</summary>
    public async Task<string> PastTimeAsync()
    {
        var past = await Http.GetFromJsonAsync<JsonObject>($"api/streams/{StreamId}/executions", Ct);
        return Assert.Single(past!["executions"]!.AsArray())!.Get<string>("stats.execution_time");
    }

    /// <summary>Takes the viewer's right.</summary>
    public async Task RevokeAsync(string viewer) =>
        (await Http.DeleteAsync($"api/streams/{StreamId}/viewers/{viewer}", Ct)).EnsureSuccessStatusCode();

    public async Task DeleteAsync() =>
        (await Http.DeleteAsync($"api/streams/{StreamId}", Ct)).EnsureSuccessStatusCode();

    public void Dispose() => Http.Dispose();

    private async Task ReportAsync(string kind, object body) =>
        (await Http.PostAsJsonAsync($"api/streams/{StreamId}/{kind}", body, Ct)).EnsureSuccessStatusCode();
}
