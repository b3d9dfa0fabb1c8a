using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using NewLoom.Tests.Audit;
using NewLoom.Tests.Authentication.Sessions;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>Sockets and requests with the cookie of a login in Django.</summary>
public abstract class DjangoSessionTests(DjangoFixture fixture)
{
    [Theory]
    [InlineData("db")]
    [InlineData("signed_cookies")]
    public async Task Login_OpensASocket_AndCreatesTheUser(string engine)
    {
        var visitor = await fixture.SiteOf(engine).CreateAsync();
        Assert.Equal(HttpStatusCode.NotFound, await UserStatusAsync(visitor.Name));
        await visitor.LoginAsync();

        await using var socket = await fixture.OpenAsync(visitor.Session);

        var welcome = await socket.NextAsync("welcome");
        Assert.Equal(visitor.Name, welcome.Get<string>("user"));
        var left = DateTimeOffset.Parse(welcome.Get<string>("expires_at")) - TimeProvider.System.GetUtcNow();
        Assert.InRange(left, TimeSpan.FromDays(13.9), TimeSpan.FromDays(14));
        Assert.Equal(HttpStatusCode.OK, await UserStatusAsync(visitor.Name));
        var entry = Assert.Single(await AuditLog.OfAsync(fixture.Service, visitor.Name));
        Assert.Equal($"(system) user.created {visitor.Name}", AuditLog.Line(entry));
    }

    [Theory]
    [InlineData("forge_row")]
    [InlineData("forge_cookie")]
    public async Task VisitorsSession_IsNoCredential(string maker)
    {
        var session = (await fixture.Site.ActAsync(maker, new { data = new { basket = 3 } })).GetString()!;
        var visitor = await fixture.Site.CreateAsync();

        await using var socket = await fixture.OpenAsync(session);
        await socket.SendAsync(Credentials.Authenticate(await visitor.TokenAsync()));

        Assert.Equal(visitor.Name, (await socket.NextAsync("welcome")).Get<string>("user"));
        await using var plain = await fixture.OpenAsync(session, isExtended: false);
        await Credentials.ExpectFailedAsync(plain);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetChatsAsync(session)).StatusCode);
    }

    [Fact]
    public async Task TwoLogins_OpenASocketForEach()
    {
        var alice = await (await fixture.Site.CreateAsync()).LoginAsync();
        var bob = await (await fixture.CookieSite.CreateAsync()).LoginAsync();

        await using var first = await fixture.OpenAsync(alice.Session);
        await using var second = await fixture.OpenAsync(bob.Session);

        Assert.Equal(alice.Name, (await first.NextAsync("welcome")).Get<string>("user"));
        Assert.Equal(bob.Name, (await second.NextAsync("welcome")).Get<string>("user"));
    }

    [Fact]
    public async Task Login_IsRefused_WhenAnothersSignatureIsPutOnIt()
    {
        var alice = await (await fixture.CookieSite.CreateAsync()).LoginAsync();
        var bob = await (await fixture.CookieSite.CreateAsync()).LoginAsync();
        var (alices, bobs) = (alice.Session.Split(':'), bob.Session.Split(':'));

        await fixture.AssertRefusedAsync(string.Join(':', alices[0], alices[1], bobs[2]));
        await fixture.AssertRefusedAsync(string.Join(':', alices[0], bobs[1], bobs[2] + "A"));
    }

    [Fact]
    public async Task Login_IsRefused_WhenTheUserMayNotLogIn()
    {
        var visitor = await (await fixture.Site.CreateAsync()).LoginAsync();
        await fixture.Site.ActAsync("set_active", new { username = visitor.Name, is_active = false });

        await fixture.AssertRefusedAsync(visitor.Session);
        Assert.Equal(HttpStatusCode.NotFound, await UserStatusAsync(visitor.Name));
    }

    [Theory]
    [InlineData("db")]
    [InlineData("signed_cookies")]
    public async Task Login_IsRefused_WhenThePasswordHasChanged(string engine)
    {
        var visitor = await (await fixture.SiteOf(engine).CreateAsync()).LoginAsync();
        await fixture.Site.ActAsync("set_password", new { username = visitor.Name, password = "another" });

        await fixture.AssertRefusedAsync(visitor.Session);
    }

    [Fact]
    public async Task Login_IsRefused_WhenItHasExpired()
    {
        var visitor = await (await fixture.Site.CreateAsync()).LoginAsync();
        await fixture.Site.ActAsync("expire", new { session_key = visitor.Session, seconds = -1 });

        await fixture.AssertRefusedAsync(visitor.Session);
    }

    [Fact]
    public async Task Login_IsRefused_AfterALogout()
    {
        var visitor = await (await fixture.Site.CreateAsync()).LoginAsync();
        var session = visitor.Session;
        await visitor.LogoutAsync();

        await fixture.AssertRefusedAsync(session);
    }

    [Fact]
    public async Task Login_IsRefused_WhenTheNameMayNotBeOneHere()
    {
        const string Name = "not a name";
        var visitor = await (await fixture.Site.CreateAsync(Name)).LoginAsync();

        await fixture.AssertRefusedAsync(visitor.Session);
    }

    [Theory]
    [InlineData("x")]
    [InlineData(":")]
    [InlineData("::")]
    [InlineData(".::")]
    [InlineData("a:b:c")]
    [InlineData("..:1r31eq:mJRx_Lhhq3kcVSOB0tocory0m3EBLP1RLKH8RJT6Bug")]
    [InlineData("'%20OR%201=1%20--")]
    [InlineData("0123456789abcdefghijklmnopqrstuv")]
    [InlineData("%00%FF%80")]
    public async Task Garbage_IsRefused(string cookie) => await fixture.AssertRefusedAsync(cookie);

    [Theory]
    [InlineData("http://foreign.example")]
    [InlineData(null)]
    public async Task Login_IsRefused_WhenNoPageOfThisOriginShowsIt(string? origin)
    {
        var visitor = await (await fixture.Site.CreateAsync()).LoginAsync();
        var headers = new Dictionary<string, string> { ["Cookie"] = $"sessionid={visitor.Session}" };
        if (origin is not null)
        {
            headers["Origin"] = origin;
        }

        var refused = await Assert.ThrowsAsync<WebSocketException>(
            () => TestSocket.OpenAsync(fixture.Service, token: null, headers: headers));

        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_GivesRequestsToTheHttpApi()
    {
        var visitor = await (await fixture.Site.CreateAsync()).LoginAsync();

        Assert.Equal(HttpStatusCode.OK, (await GetChatsAsync(visitor.Session)).StatusCode);
    }

    [Fact]
    public async Task Login_GivesNothingThatOutlivesIt()
    {
        var visitor = await (await fixture.Site.CreateAsync()).LoginAsync();
        using var http = Visitor.Client(fixture.Service);
        foreach (var path in new[] { $"api/users/{visitor.Name}/tokens", "api/session" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { }) };
            request.Headers.Add("Cookie", $"sessionid={visitor.Session}");
            request.Headers.Add("Origin", Visitor.Origin(fixture.Service));
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        }
    }

    private async Task<HttpResponseMessage> GetChatsAsync(string session)
    {
        using var http = new HttpClient { BaseAddress = fixture.Service.HttpUri };
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/chats");
        request.Headers.Add("Cookie", $"theme=dark; sessionid={session}");
        request.Headers.Add("Origin", fixture.Service.HttpUri.GetLeftPart(UriPartial.Authority));
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<HttpStatusCode> UserStatusAsync(string name)
    {
        using var http = fixture.Service.Http();
        var answer = await http.GetAsync(
            new Uri($"api/users/{name}", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}

[Collection(SharedDjangoOnSqlite.Name)]
public sealed class SqliteDjangoSessionTests(DjangoOnSqlite fixture) : DjangoSessionTests(fixture);

[Collection(SharedDjangoOnPostgreSql.Name)]
public sealed class PostgreSqlDjangoSessionTests(DjangoOnPostgreSql fixture) : DjangoSessionTests(fixture);
