using System.Net;
using NewLoom.Bench.Processes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Operations;

/// <summary>Health checks and metrics can be kept on a port of their own.</summary>
public sealed class ManagementPortTests
{
    [Fact]
    public async Task Port_AnswersHealthChecksAndMetricsAlone_AndNoOtherPortDoes()
    {
        var ct = TestContext.Current.CancellationToken;
        var port = FreePorts.Take();
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{{port}};http://127.0.0.1:{port}",
            ["NewLoom__ManagementPort"] = $"{port}",
        });
        await service.StartAsync(ct);

        foreach (var path in new[] { "healthz/live", "healthz/ready", "metrics" })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(port, path));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(service.Port, path));
        }

        foreach (var (path, status) in new[] { ("", HttpStatusCode.OK), ("api/chats", HttpStatusCode.Unauthorized) })
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(port, path));
            Assert.Equal(status, await StatusAsync(service.Port, path));
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(int port, string path)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(
            new Uri($"http://127.0.0.1:{port}/{path}"), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
