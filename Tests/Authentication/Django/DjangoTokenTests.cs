using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>Tokens of Django's REST framework.</summary>
public abstract class DjangoTokenTests(DjangoFixture fixture)
{
    [Fact]
    public async Task Token_OpensASocket_WhenItIsInTheUrl()
    {
        var visitor = await fixture.Site.CreateAsync();

        await using var socket = await TestSocket.OpenAsync(
            fixture.Service, await visitor.TokenAsync(), isExtended: true);

        var welcome = await socket.NextAsync("welcome");
        Assert.Equal(visitor.Name, welcome.Get<string>("user"));
        Assert.False(welcome.ContainsKey("expires_at"));
    }

    [Fact]
    public async Task Token_GivesNothingThatOutlivesIt()
    {
        var visitor = await fixture.Site.CreateAsync();
        using var http = fixture.Service.Http(await visitor.TokenAsync());
        foreach (var path in new[] { $"api/users/{visitor.Name}/tokens", "api/session" })
        {
            var answer = await http.PostAsJsonAsync(
                new Uri(path, UriKind.Relative), new { }, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Token")]
    [InlineData("token")]
    public async Task Token_OpensASocket_WhenItIsInTheHeader(string scheme)
    {
        var visitor = await fixture.Site.CreateAsync();

        await using var socket = await OpenAsync($"{scheme} {await visitor.TokenAsync()}");

        Assert.Equal(visitor.Name, (await socket.NextAsync("welcome")).Get<string>("user"));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Token")]
    public async Task Token_SendsMessagesOverHttp(string scheme)
    {
        var ct = TestContext.Current.CancellationToken;
        var visitor = await fixture.Site.CreateAsync();
        using var http = new HttpClient { BaseAddress = fixture.Service.HttpUri };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, await visitor.TokenAsync());

        var created = await http.PostAsJsonAsync(
            "api/chats", new { name = "Ours", members = Array.Empty<string>() }, ct);
        var chat = await created.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(ct);
        var path = new Uri($"api/chats/{chat!.Get<long>("chat_id")}/messages", UriKind.Relative);
        var sent = await http.PostAsJsonAsync(path, new { content = "hello" }, ct);

        Assert.True(sent.IsSuccessStatusCode, $"{sent.StatusCode}");
        var page = await http.GetFromJsonAsync<JsonObject>(path, ct);
        Assert.Equal(visitor.Name, page!["messages"]![0]!.Get<string>("user"));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Token")]
    public async Task Token_Decides_WhenTheBrowserSendsAnothersCookiesAlong(string scheme)
    {
        var (alice, bob) = (await fixture.Site.CreateAsync(), await fixture.Site.CreateAsync());
        await bob.LoginAsync();

        await using var socket = await TestSocket.OpenAsync(
            fixture.Service, token: null, isExtended: true, headers: new Dictionary<string, string>
            {
                ["Authorization"] = $"{scheme} {await alice.TokenAsync()}",
                ["Cookie"] = $"newloom_session=old; sessionid={bob.Session}",
            });

        Assert.Equal(alice.Name, (await socket.NextAsync("welcome")).Get<string>("user"));
    }

    [Fact]
    public async Task Token_IsRefused_WhenItIsUnknownOrWrittenOtherwise()
    {
        var token = await (await fixture.Site.CreateAsync()).TokenAsync();

        await AssertRefusedAsync($"Token {new string('0', token.Length)}");
        await AssertRefusedAsync($"Token {token.ToUpperInvariant()}");
        await AssertRefusedAsync($"Token {token}0");
        await AssertRefusedAsync($"Token {token[1..]}");
        await AssertRefusedAsync("Token");
        await AssertRefusedAsync("Token ");
    }

    [Fact]
    public async Task Token_IsRefused_WhenItIsNotADjangoOneInDjangosHeader()
    {
        var (_, token) = await new World(fixture.Service).UserAsync();

        await AssertRefusedAsync($"Token {token}");
    }

    [Fact]
    public async Task Token_IsRefused_WhenItsUserMayNotLogIn()
    {
        var visitor = await fixture.Site.CreateAsync();
        var token = await visitor.TokenAsync();
        await fixture.Site.ActAsync("set_active", new { username = visitor.Name, is_active = false });

        await AssertRefusedAsync($"Token {token}");
    }

    [Fact]
    public async Task Ticket_OpensASocket_ForTheTokensUser()
    {
        var visitor = await fixture.Site.CreateAsync();
        var issued = await Credentials.IssueTicketAsync(fixture.Service, await visitor.TokenAsync());

        await using var socket = await TestSocket.OpenAsync(
            fixture.Service, token: null, isExtended: true, query: $"ticket={issued.Get<string>("ticket")}");

        Assert.Equal(visitor.Name, (await socket.NextAsync("welcome")).Get<string>("user"));
    }

    [Fact]
    public async Task Token_GivesNoAdministration()
    {
        var visitor = await fixture.Site.CreateAsync();
        using var http = fixture.Service.Http(await visitor.TokenAsync());

        var answer = await http.PostAsJsonAsync(
            "api/users", new { username = "anybody" }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private Task<TestSocket> OpenAsync(string authorization) => TestSocket.OpenAsync(
        fixture.Service, token: null, isExtended: true,
        headers: new Dictionary<string, string> { ["Authorization"] = authorization });

    private async Task AssertRefusedAsync(string authorization)
    {
        using var http = new HttpClient { BaseAddress = fixture.Service.HttpUri };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        var answer = await http.GetAsync(new Uri("api/chats", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}

[Collection(SharedDjangoOnSqlite.Name)]
public sealed class SqliteDjangoTokenTests(DjangoOnSqlite fixture) : DjangoTokenTests(fixture);

[Collection(SharedDjangoOnPostgreSql.Name)]
public sealed class PostgreSqlDjangoTokenTests(DjangoOnPostgreSql fixture) : DjangoTokenTests(fixture);
