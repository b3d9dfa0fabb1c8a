using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Sessions;

/// <summary>The session of a browser over HTTP.</summary>
[Collection(SharedService.Name)]
public sealed class SessionTests(ServiceFixture fixture)
{
    private static readonly Uri Session = new("api/session", UriKind.Relative);

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 14 * 24 * 3_600)]
    [InlineData(600, 600)]
    public async Task Cookie_IsOutOfReachOfScripts_AndEndsWithTheTokenOrAfterFourteenDays(
        int? tokenSeconds, int seconds)
    {
        var user = await fixture.World.UserAsync();
        var token = tokenSeconds is null ? user.Token : (await Credentials.IssueTokenAsync(fixture.Service, user.Name, tokenSeconds.Value)).Token;
        var before = TimeProvider.System.GetUtcNow();
        using var answer = await Visitor.ExchangeAsync(fixture.Service, token);

        Assert.Equal(204, (int)answer.StatusCode);
        var parts = Visitor.SetCookie(answer).Split("; ");
        Assert.Contains("httponly", parts);
        Assert.Contains("samesite=lax", parts);
        Assert.Contains("path=/", parts);
        Assert.DoesNotContain("secure", parts);    // over HTTP it would be lost
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var expires = parts.Single(part => part.StartsWith("expires=", StringComparison.Ordinal))["expires=".Length..];
        var lifetime = DateTimeOffset.Parse(expires, CultureInfo.InvariantCulture) - before;
        Assert.InRange(lifetime.TotalSeconds, seconds - 5, seconds + 5);
    }

    /// <summary>Scripts could read it, and it would outlive the session.</summary>
    [Fact]
    public async Task Session_IssuesNoToken()
    {
        var user = await fixture.World.UserAsync();
        using var visitor = await Visitor.BeginAsync(fixture.Service, user.Token);

        using var answer = await visitor.CallAsync(
            HttpMethod.Post, $"api/users/{user.Name}/tokens", visitor.Home, json: "{}");

        Assert.Equal(403, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Session_SpeaksForTheUser_ButIsNotListedAmongTokens()
    {
        var user = await fixture.World.UserAsync();
        using var visitor = await Visitor.BeginAsync(fixture.Service, user.Token);

        Assert.Equal(200, await visitor.ProbeAsync());
        using var listed = await visitor.CallAsync(HttpMethod.Get, $"api/users/{user.Name}/tokens");
        var tokens = (await listed.Content.ReadFromJsonAsync<JsonObject>(_ct))!["tokens"]!.AsArray();
        Assert.Single(tokens);
    }

    [Fact]
    public async Task Session_MayWhatItsTokenMay_AndNoMore()
    {
        var user = await fixture.World.UserAsync();
        var (token, _) = await Credentials.IssueTokenAsync(fixture.Service, user.Name, 60, "streams:view");
        using var visitor = await Visitor.BeginAsync(fixture.Service, token);

        Assert.Equal(403, await visitor.ProbeAsync());
        using var streams = await visitor.CallAsync(HttpMethod.Get, "api/streams");
        Assert.Equal(200, (int)streams.StatusCode);
    }

    [Fact]
    public async Task Session_IsRefused_ForTheConfiguredAdministrator()
    {
        using var answer = await Visitor.ExchangeAsync(fixture.Service, ServiceProcess.AdminToken);
        Assert.Equal(
            (403, """{"title":"Not authorized","status":403,"code":"permission_denied","detail":"the configured """ +
                """administrator is no user, so it cannot have a session"}"""),
            ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(_ct)));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Session_IsRefused_WhenTheTokenIsWrongOrThereIsNone()
    {
        using var wrong = await Visitor.ExchangeAsync(fixture.Service, new string('x', 43));
        Assert.Equal(401, (int)wrong.StatusCode);
        using var http = Visitor.Client(fixture.Service);
        using var none = await http.PostAsync(Session, null, _ct);
        Assert.Equal(401, (int)none.StatusCode);
    }

    [Fact]
    public async Task Session_IsNotGivenForASession()
    {
        var user = await fixture.World.UserAsync();
        using var visitor = await Visitor.BeginAsync(fixture.Service, user.Token);
        using var answer = await visitor.CallAsync(HttpMethod.Post, "api/session", visitor.Home);
        Assert.Equal(403, (int)answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task End_StopsTheCookie_AndIsHarmlessToRepeat()
    {
        var user = await fixture.World.UserAsync();
        using var visitor = await Visitor.BeginAsync(fixture.Service, user.Token);
        using var other = await Visitor.BeginAsync(fixture.Service, user.Token);
        await visitor.EndAsync();
        Assert.Equal(401, await visitor.ProbeAsync());
        await visitor.EndAsync();
        Assert.Equal(200, await other.ProbeAsync());

        using var http = Visitor.Client(fixture.Service);
        using var none = await http.DeleteAsync(Session, _ct);
        Assert.Equal(204, (int)none.StatusCode);
    }

    [Fact]
    public async Task Token_DecidesBeforeTheCookie_GoodOrBad()
    {
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        using var visitor = await Visitor.BeginAsync(fixture.Service, alice.Token);

        foreach (var (query, bearer) in new (string, string?)[] { ($"?token={bob.Token}", null), ("", bob.Token) })
        {
            using var answer = await visitor.CallAsync(
                HttpMethod.Get, $"api/users/{bob.Name}/tokens{query}", token: bearer);
            Assert.Equal(200, (int)answer.StatusCode);
        }

        foreach (var (query, bearer) in new (string, string?)[] { ("?token=wrong", null), ("", "wrong") })
        {
            using var answer = await visitor.CallAsync(HttpMethod.Get, $"api/chats{query}", token: bearer);
            Assert.Equal(401, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task Cookie_Fails_WhenItIsAlteredOrMixedFromTwo()
    {
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        using var first = await Visitor.BeginAsync(fixture.Service, alice.Token);
        using var second = await Visitor.BeginAsync(fixture.Service, bob.Token);
        var (a, b) = (first.Cookie, second.Cookie);
        var middle = a.Length / 2;
        string[] wrong =
        [
            a[..middle] + b[middle..],
            b[..middle] + a[middle..],
            a[..middle] + (a[middle] == 'A' ? 'B' : 'A') + a[(middle + 1)..],
            a[..^8],
            "newloom_session=",
            $"newloom_session={alice.Token}",
        ];
        foreach (var cookie in wrong)
        {
            using var forger = first.With(cookie);
            Assert.Equal(401, await forger.ProbeAsync());
        }

        Assert.Equal((200, 200), (await first.ProbeAsync(), await second.ProbeAsync()));
    }

    [Fact]
    public async Task OldestSession_Ends_WhenThereWouldBeMoreThanAHundred()
    {
        var user = await fixture.World.UserAsync();
        using var oldest = await Visitor.BeginAsync(fixture.Service, user.Token);
        using var second = await Visitor.BeginAsync(fixture.Service, user.Token);
        for (var count = 2; count < 100; count++)
        {
            (await Visitor.ExchangeAsync(fixture.Service, user.Token)).Dispose();
        }

        Assert.Equal(200, await oldest.ProbeAsync());
        using var newest = await Visitor.BeginAsync(fixture.Service, user.Token);
        Assert.Equal(
            (401, 200, 200), (await oldest.ProbeAsync(), await second.ProbeAsync(), await newest.ProbeAsync()));
    }
}
