using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using NewLoom.Tests.Authentication;
using NewLoom.Tests.Authentication.Sessions;
using NewLoom.Tests.Cluster;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Operations;

/// <summary>The Orleans Dashboard, for administrators alone.</summary>
public sealed class DashboardTests
{
    private static readonly Dictionary<string, string?> Enabled = new() { ["NewLoom__Dashboard"] = "true" };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dashboard_IsForAdministratorsAlone_AlsoInAGatewayApart()
    {
        await using var silo = Parts.Silo(Enabled);
        await using var gateway = Parts.Gateway(silo, Enabled);
        await silo.StartAsync(Ct);
        await gateway.StartAsync(Ct);
        var alice = await new World(gateway).UserAsync();

        foreach (var path in new[] { "dashboard/", "dashboard/DashboardCounters", "dashboard/index.min.js" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gateway, "nobody's", path));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(gateway, alice.Token, path));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, ServiceProcess.AdminToken, path));
        }

        Assert.Equal(
            HttpStatusCode.Forbidden, await StatusAsync(gateway, ServiceProcess.AdminToken, "dashboard/Trace"));
        using var http = gateway.Http();
        var counters = JsonNode.Parse(
            await http.GetStringAsync(new Uri("dashboard/DashboardCounters", UriKind.Relative), Ct))!;
        Assert.Single(counters["hosts"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(silo, ServiceProcess.AdminToken, "dashboard/"));
    }

    [Fact]
    public async Task Dashboard_IsNotThere_UnlessItIsConfigured()
    {
        await using var service = new ServiceProcess();
        await service.StartAsync(Ct);

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(service, ServiceProcess.AdminToken, "dashboard/"));
    }

    [Fact]
    public async Task Dashboard_ShowsTheSilo_InABrowserWithAnAdministratorsSession()
    {
        await using var service = new ServiceProcess(Enabled);
        await service.StartAsync(Ct);
        var operation = await new World(service).UserAsync();
        var (token, _) = await Credentials.IssueTokenAsync(service, operation.Name, scopes: "admin");
        using var visitor = await Visitor.BeginAsync(service, token);
        await using var browser = new Browser();
        await using var window = await browser.OpenWindowAsync();
        var cookie = visitor.Cookie.Split('=', 2);
        await window.AddCookiesAsync([new() { Name = cookie[0], Value = cookie[1], Url = visitor.Home }]);
        var page = await window.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add($"{message.Type}: {message.Text}");

        await page.GotoAsync($"{visitor.Home}/dashboard");

        await Assertions.Expect(page.GetByText("Active Silos")).ToBeVisibleAsync();
        Assert.DoesNotContain(complaints, complaint => complaint.StartsWith("error", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> StatusAsync(ServiceProcess process, string token, string path)
    {
        using var http = process.Http(token);
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Ct);
        return answer.StatusCode;
    }
}
