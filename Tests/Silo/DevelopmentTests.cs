using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Silo;

/// <summary>A developer who starts the service without configuring anything gets users, a chat and URLs that
/// work.</summary>
public sealed partial class DevelopmentTests
{
    private const long ChatId = 123;
    private const long StreamId = 123;

    [Fact]
    public async Task Start_PrintsUrlsThatWork_TheFirstTimeAndLater()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["NewLoom__AdminToken"] = null,
        });

        await service.StartAsync(ct);
        await AssertUsersCanChatAsync(service, expectedSeq: 1);
        await AssertUsersHaveAStreamAsync(service, execution: 1);
        Assert.Equal(0, await service.StopAsync(ct));
        await service.StartAsync(ct);
        await AssertUsersCanChatAsync(service, expectedSeq: 2);
        await AssertUsersHaveAStreamAsync(service, execution: 2);
    }

    private static async Task AssertUsersCanChatAsync(ServiceProcess service, long expectedSeq)
    {
        var pages = PageUrl().Matches(service.Output).TakeLast(2).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        var sockets = SocketsOf(service, "chat");
        Assert.Equal(["alice", "bob"], pages.Keys.Order());
        Assert.All(sockets, url => Assert.Equal(service.Port.ToString(), url.Groups[1].Value));
        using var http = new HttpClient();
        foreach (var page in pages.Values)
        {
            var answer = await http.GetAsync(new Uri(page), TestContext.Current.CancellationToken);
            Assert.Equal("text/html", answer.EnsureSuccessStatusCode().Content.Headers.ContentType!.MediaType);
        }

        await using var alice = await TestSocket.OpenAsync(service, sockets[0].Groups[3].Value);
        await using var bob = await TestSocket.OpenAsync(service, sockets[1].Groups[3].Value);
        await alice.SendAsync(new JsonObject { ["type"] = "message", ["chat_id"] = ChatId, ["content"] = "hello" });
        var message = (await bob.NextAsync("message"))["message"]!;
        Assert.Equal("alice", message["user"]!.GetValue<string>());
        Assert.Equal(expectedSeq, message["seq"]!.GetValue<long>());
    }

    /// <summary>Alice publishes an execution, both view it, bob may not publish.</summary>
    private static async Task AssertUsersHaveAStreamAsync(ServiceProcess service, int execution)
    {
        var tokens = SocketsOf(service, "streams").Select(url => url.Groups[3].Value).ToList();
        await using var alice = await TestSocket.OpenAsync(service, tokens[0], path: StreamRoom.Path);
        await using var bob = await TestSocket.OpenAsync(service, tokens[1], path: StreamRoom.Path);
        var running = new JsonObject { ["type"] = "status_update", ["stream_id"] = StreamId, ["status"] = "running" };
        await bob.SendAsync(running);
        Assert.Equal("permission_denied", (await bob.NextAsync("error")).Get<string>("code"));

        await alice.SendAsync(running);
        await alice.SendAsync(running.With("status", "completed"));

        foreach (var viewer in new[] { alice, bob })
        {
            JsonObject[] frames = [await viewer.NextAsync(), await viewer.NextAsync(), await viewer.NextAsync()];
            Assert.Equal(
                ["status_update", "execution_stats", "status_update"], frames.Select(frame => frame.Get<string>("type")));
            JsonObject[] statuses = [frames[0], frames[2]];
            Assert.Equal(["running", "completed"], statuses.Select(frame => frame.Get<string>("status")));
            Assert.All(statuses, frame => Assert.Equal(execution, frame.Get<int>("execution")));
        }
    }

    private static List<Match> SocketsOf(ServiceProcess service, string kind) =>
        [.. SocketUrl().Matches(service.Output).Where(url => url.Groups[2].Value == kind).TakeLast(2)];

    [GeneratedRegex(@"(alice|bob): (http://127\.0\.0\.1:\S+)")]
    private static partial Regex PageUrl();

    [GeneratedRegex(@"ws://127\.0\.0\.1:(\d+)/ws/(chat|streams)/\?token=(\S+)")]
    private static partial Regex SocketUrl();
}
