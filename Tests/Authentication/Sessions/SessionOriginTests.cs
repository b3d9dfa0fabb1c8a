using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Sessions;

/// <summary>What pages of other origins may do with their visitor's cookie: nothing, unless they are listed.</summary>
public sealed class SessionOriginTests(SessionOriginTests.Fixture fixture) : IClassFixture<SessionOriginTests.Fixture>
{
    private const string Listed = "https://app.example";
    private const string Foreign = "https://evil.example";
    private const string Refusal =
        """{"title":"Not authorized","status":403,"code":"permission_denied","detail":"the Origin """ +
        """is missing or not allowed"}""";

    private const string NewChat = """{"name":"A chat","members":[]}""";

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ServiceProcess _service = fixture.Service;

    [Theory]
    [InlineData(Foreign)]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Handshake_IsRefusedBeforeTheUpgrade_WhenACookieComesFromElsewhere(string? origin)
    {
        var user = await new World(_service).UserAsync();
        using var visitor = await Visitor.BeginAsync(_service, user.Token);
        foreach (var path in new[] { "ws/chat/", "ws/streams" })
        {
            using var answer = await HandshakeAsync(path, origin, visitor.Cookie);
            Assert.Equal(403, (int)answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal(Refusal, await answer.Content.ReadAsStringAsync(_ct));
        }
    }

    [Fact]
    public async Task ListedPage_CanReadThatItIsThrottled()
    {
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["NewLoom__AllowedOrigins__0"] = Listed,
            ["NewLoom__Limits__FailedAuthenticationsPerMinute"] = "1",
        });
        await service.StartAsync(_ct);
        using var http = service.Http("wrong");
        http.DefaultRequestHeaders.Add("Origin", Listed);
        foreach (var status in new[] { 401, 429 })
        {
            using var answer = await http.GetAsync(new Uri("api/chats", UriKind.Relative), _ct);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal([Listed], answer.Headers.GetValues("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task Socket_Opens_FromAListedOrigin()
    {
        var user = await new World(_service).UserAsync();
        using var visitor = await Visitor.BeginAsync(_service, user.Token);
        await using var byCookie = await OpenAsync(null, Listed, visitor.Cookie);
        Assert.Empty(await byCookie.UntilHeartbeatAsync());
        await using var byToken = await OpenAsync(user.Token, Listed);
        Assert.Empty(await byToken.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Handshake_WithAToken_IsRefusedFromElsewhere_BecauseOriginsAreListed()
    {
        var user = await new World(_service).UserAsync();
        using var answer = await HandshakeAsync($"ws/chat/?token={user.Token}", Foreign);
        Assert.Equal(403, (int)answer.StatusCode);
        await using var bot = await TestSocket.OpenAsync(_service, user.Token);
        Assert.Empty(await bot.UntilHeartbeatAsync());
    }

    [Theory]
    [InlineData(Foreign, 403)]
    [InlineData(null, 403)]
    [InlineData(Listed, 201)]
    public async Task Call_ThatChangesSomething_NeedsAnAllowedOrigin_WithACookie(string? origin, int status)
    {
        var user = await new World(_service).UserAsync();
        using var visitor = await Visitor.BeginAsync(_service, user.Token);
        using var answer = await visitor.CallAsync(HttpMethod.Post, "api/chats", origin, NewChat);
        Assert.Equal(status, (int)answer.StatusCode);
        using var listed = await visitor.CallAsync(HttpMethod.Get, "api/chats", origin);
        var chats = (await listed.Content.ReadFromJsonAsync<JsonObject>(_ct))!["chats"]!.AsArray();
        Assert.Equal(status == 201 ? 1 : 0, chats.Count);
    }

    [Fact]
    public async Task Call_WithAToken_IsGoodFromEverywhere_AlsoBesideACookie()
    {
        var user = await new World(_service).UserAsync();
        using var visitor = await Visitor.BeginAsync(_service, user.Token);
        using var answer = await visitor.CallAsync(HttpMethod.Post, "api/chats", Foreign, NewChat, user.Token);
        Assert.Equal(201, (int)answer.StatusCode);
    }

    [Fact]
    public async Task ForeignPage_LogsNobodyInOrOut_AlsoWithATokenOfItsOwn()
    {
        var (victim, attacker) = (await new World(_service).UserAsync(), await new World(_service).UserAsync());
        using var visitor = await Visitor.BeginAsync(_service, victim.Token);
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Delete })
        {
            using var answer = await visitor.CallAsync(method, $"api/session?token={attacker.Token}", Foreign);
            Assert.Equal((403, Refusal), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(_ct)));
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        }

        Assert.Equal(200, await visitor.ProbeAsync());
    }

    [Fact]
    public async Task Cors_LetsListedOriginsRead_AndNoOthers()
    {
        var user = await new World(_service).UserAsync();
        using var visitor = await Visitor.BeginAsync(_service, user.Token);
        using var listed = await visitor.CallAsync(HttpMethod.Get, "api/chats", Listed);
        Assert.Equal([Listed], listed.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["true"], listed.Headers.GetValues("Access-Control-Allow-Credentials"));
        using var foreign = await visitor.CallAsync(HttpMethod.Get, "api/chats", Foreign);
        Assert.False(foreign.Headers.Contains("Access-Control-Allow-Origin"));

        using var http = Visitor.Client(_service);
        foreach (var (origin, isListed) in new[] { (Listed, true), (Foreign, false) })
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, "api/chats/1/members/bob");
            preflight.Headers.Add("Origin", origin);
            preflight.Headers.Add("Access-Control-Request-Method", "PUT");
            using var answer = await http.SendAsync(preflight, _ct);
            Assert.Equal(isListed, answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    private Task<TestSocket> OpenAsync(string? token, string origin, string? cookie = null)
    {
        var headers = new Dictionary<string, string> { ["Origin"] = origin };
        if (cookie is not null)
        {
            headers["Cookie"] = cookie;
        }

        return TestSocket.OpenAsync(_service, token, headers: headers);
    }

    /// <summary>The answer to a handshake that is not to be upgraded.</summary>
    private async Task<HttpResponseMessage> HandshakeAsync(string path, string? origin, string? cookie = null)
    {
        using var http = Visitor.Client(_service);
        return await http.AskForUpgradeAsync(path, ("Origin", origin), ("Cookie", cookie));
    }

    /// <summary>A service that lists an origin.</summary>
    public sealed class Fixture() : ServiceFixture(
        new Dictionary<string, string?> { ["NewLoom__AllowedOrigins__0"] = Listed });
}
