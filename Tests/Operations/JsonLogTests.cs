using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Operations;

/// <summary>The log can be read by machines.</summary>
public sealed class JsonLogTests
{
    [Fact]
    public async Task Log_IsOneJsonObjectALine_WhenThatIsConfigured()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var service = new ServiceProcess(
            new Dictionary<string, string?> { ["Logging__Console__FormatterName"] = "json" });
        await service.StartAsync(ct);
        using (var http = service.Http("nobody's token"))
        {
            using var answer = await http.GetAsync(new Uri("api/chats", UriKind.Relative), ct);
        }

        Assert.Equal(0, await service.StopAsync(ct));
        var lines = service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.AsObject())
            .ToList();
        var refused = Assert.Single(lines, line => line["Category"]!.GetValue<string>().EndsWith(
            ".SecurityEvents", StringComparison.Ordinal));
        Assert.InRange(refused["EventId"]!.GetValue<int>(), 1101, 1112);
        Assert.Equal("authentication_failed", refused["State"]!["Reason"]!.GetValue<string>());
        Assert.All(lines, line => Assert.NotNull(line["LogLevel"]));
    }
}
