using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Deploy;

/// <summary>The proxy alone.</summary>
public sealed class NginxTests
{
    private const string Secret = "s3cret-in-a-url";

    [Fact]
    public async Task Proxy_SaysUnavailableAndLogsNoToken_WhenNoGatewayIsThere()
    {
        var ct = TestContext.Current.CancellationToken;
        const string Network = "127.63.84.";    // nobody listens there
        await using var proxy = new NginxProcess(
            $"127.{Random.Shared.Next(64, 255)}.{Random.Shared.Next(256)}.30",
            new Dictionary<string, string> { ["gateway-1"] = $"{Network}21", ["gateway-2"] = $"{Network}22" });
        await proxy.StartAsync(ct);

        using var http = proxy.Http(Secret);
        http.DefaultRequestHeaders.Referrer = new Uri(proxy.HttpsUri, $"?token={Secret}");
        using var answer = await http.GetAsync(new Uri($"api/chats?token={Secret}", UriKind.Relative), ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("unavailable", (await answer.Content.ReadFromJsonAsync<JsonObject>(ct))!.Get<string>("code"));
        await Assert.ThrowsAsync<WebSocketException>(() => proxy.OpenAsync(Secret, "ticket=" + Secret));
        using var unknown = await http.GetAsync(new Uri($"metrics?ticket={Secret}", UriKind.Relative), ct);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);

        await proxy.StopAsync();
        Assert.Contains("\"path\":\"/api/chats\",\"status\":503", proxy.Output, StringComparison.Ordinal);
        Assert.Contains("\"path\":\"/ws/chat/\",\"status\":503", proxy.Output, StringComparison.Ordinal);
        Assert.Contains($"{Network}21:8000", proxy.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, proxy.Output, StringComparison.Ordinal);
    }
}
