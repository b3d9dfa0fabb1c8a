using System.Net;
using System.Net.Http.Json;
using NewLoom.Tests.Authentication.Sessions;
using NewLoom.Tests.Durability;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Deploy;

/// <summary>The cluster of compose.yaml, run as plain processes behind a real nginx.</summary>
public sealed class ComposedClusterTests(ComposedCluster cluster) : IClassFixture<ComposedCluster>
{
    private const int MessageCount = 40;

    private static readonly TimeSpan ChatLimit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Members_MissNothing_WhenTheGatewayOfOneIsStopped()
    {
        await cluster.StartedAsync();
        var ct = TestContext.Current.CancellationToken;
        var users = new[] { await cluster.World.UserAsync(), await cluster.World.UserAsync() };
        var chatId = await cluster.World.ChatAsync(users[0], users[1]);
        var members = users.Select(user => Member(user, chatId)).ToList();
        var chats = members.Select(member => member.RunAsync()).ToList();
        await Load.FirstOf(Task.WhenAll(members.Select(member => member.UnderWay)), chats);

        // The proxy gives the second socket to the gateway that has fewer: one of the members loses its own.
        var gateway = cluster.Process("gateway-1");
        Assert.True(await cluster.IsHealthyAsync("gateway-1"));
        try
        {
            Assert.Equal(0, await gateway.StopAsync(ct));
            Assert.False(await cluster.IsHealthyAsync("gateway-1"));
            await Task.WhenAll(chats).WaitAsync(ChatLimit, ct);
        }
        finally
        {
            await gateway.StartAsync(ct);    // the other tests want it
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"refused while coming back: {members.Sum(member => member.RefusedCount)}");
        Assert.Equal(1, members.Sum(member => member.LostCount));
        using var http = cluster.Proxy.Http(users[0].Token);
        var stored = await http.GetStringAsync(new Uri($"api/chats/{chatId}/messages?limit=200", UriKind.Relative), ct);
        Assert.Equal(2 * MessageCount, members[0].Seen.Distinct().Count());
        Assert.Equal(members[0].Seen, members[1].Seen);
        Assert.All(members[0].Seen, content => Assert.Contains($"\"{content}\"", stored, StringComparison.Ordinal));
        Assert.All(users, user => Assert.DoesNotContain(user.Token, cluster.Proxy.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Silos_AreMembersUnderTheAddressesAndPortsOfTheFile_WithItsSecret()
    {
        await cluster.StartedAsync();
        var members = await ReadAsync(
            "SELECT address || ':' || port || ':' || proxyport FROM orleansmembershiptable WHERE status = 3");
        Assert.Equal(
            [$"{cluster.AddressOf("silo-1")}:11111:30000", $"{cluster.AddressOf("silo-2")}:11111:30000"],
            members.Order());
        Assert.Single(await ReadAsync("SELECT cluster_id FROM cluster WHERE secret_hash IS NOT NULL"));
    }

    [Theory]
    [InlineData("silo-1", HttpStatusCode.NotFound)]
    [InlineData("silo-2", HttpStatusCode.NotFound)]
    [InlineData("gateway-1", HttpStatusCode.OK)]
    [InlineData("gateway-2", HttpStatusCode.OK)]
    public async Task EachProcess_IsHealthy_AndOnlyGatewaysServe(string name, HttpStatusCode expected)
    {
        await cluster.StartedAsync();
        Assert.True(await cluster.IsHealthyAsync(name));
        using var http = new HttpClient { BaseAddress = new Uri($"http://{cluster.AddressOf(name)}:8000/") };
        using var page = await http.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(expected, page.StatusCode);
    }

    [Fact]
    public async Task Session_HoldsOnEveryGateway_ForPagesOfTheProxysOriginAlone()
    {
        await cluster.StartedAsync();
        var ct = TestContext.Current.CancellationToken;
        var user = await cluster.World.UserAsync();
        using var begin = cluster.Proxy.Http(user.Token);
        using var session = await begin.PostAsync(new Uri("api/session", UriKind.Relative), null, ct);
        var cookie = Visitor.SetCookie(session);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);    // it came by HTTPS, says the proxy

        using var http = cluster.Proxy.Http();
        http.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        var home = cluster.Proxy.HttpsUri.GetLeftPart(UriPartial.Authority);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(HttpStatusCode.Created, await CreateChatAsync(http, home));
        }

        Assert.Equal(HttpStatusCode.Forbidden, await CreateChatAsync(http, "https://elsewhere.example"));
        foreach (var gateway in new[] { "gateway-1", "gateway-2" })
        {
            Assert.Contains($"\"{cluster.AddressOf(gateway)}:8000\"", cluster.Proxy.Output, StringComparison.Ordinal);
        }
    }

    private async Task<List<string>> ReadAsync(string sql)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var database = cluster.Database();
        await database.OpenAsync(ct);
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        await using var rows = await command.ExecuteReaderAsync(ct);
        var texts = new List<string>();
        while (await rows.ReadAsync(ct))
        {
            texts.Add(rows.GetString(0));
        }

        return texts;
    }

    private ChattingMember Member((string Name, string Token) user, long chatId) =>
        new(user.Name, chatId, () => cluster.Proxy.OpenAsync(user.Token, "chats=none")) { Count = MessageCount };

    private static async Task<HttpStatusCode> CreateChatAsync(HttpClient http, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/chats")
        {
            Content = JsonContent.Create(new { name = "A chat", members = Array.Empty<string>() }),
        };
        request.Headers.Add("Origin", origin);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
