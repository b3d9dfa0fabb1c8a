using System.Net;
using System.Net.Http.Json;
using NewLoom.Tests.Authentication.Sessions;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Jwt;

/// <summary>JSON Web Tokens in the running service, wherever a token may be.</summary>
public sealed class JwtServiceTests(JwtService fixture) : IClassFixture<JwtService>
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly ServiceProcess _service = fixture.Service;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_LetsItsUserIn_InHeaderUrlAndFirstFrame()
    {
        var alice = await new World(_service).UserAsync();
        var jwt = TokenOf(alice.Name, TimeProvider.System.GetUtcNow().AddMinutes(5));
        var chatId = await new World(_service).ChatAsync((alice.Name, jwt));

        await using var url = await TestSocket.OpenAsync(_service, jwt);
        await url.SayAndSeeAsync(chatId, "by URL");
        await using var frame = await TestSocket.OpenAsync(_service, token: null, isExtended: true);
        await frame.SendAsync(Credentials.Authenticate(jwt));
        Assert.Equal(alice.Name, (await frame.NextAsync("welcome")).Get<string>("user"));
    }

    [Fact]
    public async Task Ticket_OpensASocket_ForTheTokensUser()
    {
        var alice = await new World(_service).UserAsync();
        var jwt = TokenOf(alice.Name, TimeProvider.System.GetUtcNow().AddMinutes(5));
        var ticket = (await Credentials.IssueTicketAsync(_service, jwt)).Get<string>("ticket");

        await using var socket = await TestSocket.OpenAsync(
            _service, token: null, isExtended: true, query: $"ticket={ticket}");

        Assert.Equal(alice.Name, (await socket.NextAsync("welcome")).Get<string>("user"));
    }

    [Fact]
    public async Task Session_IsGivenForAToken()
    {
        var alice = await new World(_service).UserAsync();
        var jwt = TokenOf(alice.Name, TimeProvider.System.GetUtcNow().AddMinutes(5));

        using var visitor = await Visitor.BeginAsync(_service, jwt);

        Assert.Equal(200, await visitor.ProbeAsync());
    }

    [Fact]
    public async Task Token_IsRefused_WhenItIsForAnotherServiceOrForNobody()
    {
        var alice = await new World(_service).UserAsync();
        var later = TimeProvider.System.GetUtcNow().AddMinutes(5);
        foreach (var jwt in new[] { TokenOf(alice.Name, later, "other"), TokenOf("nobody-here", later) })
        {
            using var http = _service.Http(jwt);
            var answer = await http.GetAsync(new Uri("api/chats", UriKind.Relative), Ct);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            await using var socket = await TestSocket.OpenAsync(_service, jwt);
            await Credentials.ExpectFailedAsync(socket);
        }
    }

    [Fact]
    public async Task Socket_Ends_WhenItsTokenExpires()
    {
        var alice = await new World(_service).UserAsync();
        var end = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 3);
        await using var socket = await TestSocket.OpenAsync(_service, TokenOf(alice.Name, end));
        await socket.UntilHeartbeatAsync();

        await Credentials.ExpectExpiredAsync(socket);

        Assert.InRange(TimeProvider.System.GetUtcNow() - end, TimeSpan.Zero, EndLimit);
    }

    [Fact]
    public async Task Socket_Ends_WhenItsUserIsDeleted()
    {
        var alice = await new World(_service).UserAsync();
        var jwt = TokenOf(alice.Name, TimeProvider.System.GetUtcNow().AddMinutes(5));
        await using var socket = await TestSocket.OpenAsync(_service, jwt);
        await socket.UntilHeartbeatAsync();

        await Credentials.DeleteUserAsync(_service, alice.Name);

        await Credentials.ExpectExpiredAsync(socket);
        await using var again = await TestSocket.OpenAsync(_service, jwt);
        await Credentials.ExpectFailedAsync(again);
    }

    [Fact]
    public async Task Token_GivesNothingThatOutlivesIt()
    {
        var alice = await new World(_service).UserAsync();
        var jwt = TokenOf(alice.Name, TimeProvider.System.GetUtcNow().AddMinutes(5));
        using var http = _service.Http(jwt);

        var answer = await http.PostAsJsonAsync($"api/users/{alice.Name}/tokens", new { expires_in = 3_600 }, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Ticket_IsWorthless_WhenItsUserIsDeleted_AndOnHttp()
    {
        var alice = await new World(_service).UserAsync();
        var jwt = TokenOf(alice.Name, TimeProvider.System.GetUtcNow().AddMinutes(5));
        var query = $"ticket={(await Credentials.IssueTicketAsync(_service, jwt)).Get<string>("ticket")}";
        using var http = new HttpClient { BaseAddress = _service.HttpUri };
        Assert.Equal(
            HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri($"api/chats?{query}", UriKind.Relative), Ct)).StatusCode);

        await Credentials.DeleteUserAsync(_service, alice.Name);

        await using var socket = await TestSocket.OpenAsync(_service, token: null, query: query);
        await Credentials.ExpectFailedAsync(socket);
    }

    [Fact]
    public async Task Clients_MayTryAgain_WhenTheAuthorityIsAway()
    {
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["NewLoom__Authentication__Jwt__Authority"] = "http://127.0.0.1:1",    // nobody listens there
            ["NewLoom__Authentication__Jwt__Audience"] = "newloom",
        });
        await service.StartAsync(Ct);
        using var forge = new JwtForge();
        var jwt = forge.Rs256(JwtForge.Claims("alice", TimeProvider.System.GetUtcNow().AddMinutes(5)));

        await using var socket = await TestSocket.OpenAsync(service, jwt);
        var error = await socket.NextAsync("error");
        Assert.Equal("unavailable", error.Get<string>("code"));
        Assert.True(error.Get<long>("retry_after_ms") > 0);
        Assert.Equal(1001, (await socket.UntilClosedAsync()).Code);

        using var http = service.Http(jwt);
        var answer = await http.GetAsync(new Uri("api/chats", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.DoesNotContain(jwt.Split('.')[2], service.Output, StringComparison.Ordinal);
    }

    private static string TokenOf(string user, DateTimeOffset end, string audience = "newloom")
    {
        var claims = JwtForge.Claims(user, end);
        claims["aud"] = audience;
        return JwtForge.Hs256(claims);
    }
}
