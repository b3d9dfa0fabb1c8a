using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Authentication;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Limits;

/// <summary>Failed authentications against a service with the default limits; each test has a loopback address of its
/// own.</summary>
public sealed class FailedAuthenticationTests(FailedAuthenticationTests.DefaultService fixture)
    : IClassFixture<FailedAuthenticationTests.DefaultService>
{
    private const int FailuresMax = 20;
    private const string Throttled =
        """
        {"title":"Too many failed authentications","status":429,"code":"rate_limited","retry_after_ms":60000}
        """;

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Address_Gets429WithRetryAfter_WhenItHasFailedTwentyTimes()
    {
        using var client = From("127.0.0.11");
        var http = client.Http;
        for (var i = 0; i < FailuresMax; i++)
        {
            using var failed = await GetAsync(http, "api/chats", $"wrong{i}");
            Assert.Equal(HttpStatusCode.Unauthorized, failed.StatusCode);
        }

        foreach (var token in new[] { "wrong", ServiceProcess.AdminToken })
        {
            using var blocked = await GetAsync(http, "api/chats", token);
            Assert.Equal(HttpStatusCode.TooManyRequests, blocked.StatusCode);
            Assert.Equal(TimeSpan.FromMinutes(1), blocked.Headers.RetryAfter!.Delta);
            Assert.Equal("application/problem+json", blocked.Content.Headers.ContentType!.MediaType);
            Golden.Equal(Throttled, (await blocked.Content.ReadFromJsonAsync<JsonObject>(_ct))!);
        }

        using var other = From("127.0.0.12");
        using var admin = await GetAsync(other.Http, "api/users/nobody", ServiceProcess.AdminToken);
        Assert.Equal(HttpStatusCode.NotFound, admin.StatusCode);
    }

    [Fact]
    public async Task BlockedAddress_StillGetsWhatNeedsNoCredential()
    {
        using var client = From("127.0.0.13");
        var http = client.Http;
        await BlockAsync(http);

        foreach (var path in new[] { "", "openapi/v1.json" })
        {
            using var withToken = await GetAsync(http, path, "wrong");
            Assert.Equal(HttpStatusCode.OK, withToken.StatusCode);
        }

        using var without = await http.GetAsync("api/chats", _ct);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        using var inQuery = await http.GetAsync("api/chats?token=wrong", _ct);
        Assert.Equal(HttpStatusCode.TooManyRequests, inQuery.StatusCode);
    }

    [Fact]
    public async Task Credential_IsNotLookedAt_WhereNobodyIsNeeded()
    {
        using var client = From("127.0.0.17");
        for (var i = 0; i <= FailuresMax; i++)
        {
            using var answer = await GetAsync(client.Http, "openapi/v1.json", "stale");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using var admin = await GetAsync(client.Http, "api/users/nobody", ServiceProcess.AdminToken);
        Assert.Equal(HttpStatusCode.NotFound, admin.StatusCode);
    }

    [Fact]
    public async Task Upgrade_Gets429_WhenTwentyTokensInUrlsHaveFailed()
    {
        using var client = From("127.0.0.14");
        for (var i = 0; i < FailuresMax; i++)
        {
            await using var socket = await client.OpenAsync($"wrong{i}");
            await Credentials.ExpectFailedAsync(socket);
        }

        await AssertBlockedAsync(client);
    }

    [Fact]
    public async Task Upgrade_Gets429_WhenTwentyTokensInFirstFramesHaveFailed()
    {
        using var client = From("127.0.0.15");
        for (var i = 0; i < FailuresMax; i++)
        {
            await using var socket = await client.OpenAsync(token: null, isExtended: true);
            await socket.SendAsync(Credentials.Authenticate($"wrong{i}"));
            await Credentials.ExpectFailedAsync(socket);
        }

        await AssertBlockedAsync(client);
    }

    [Fact]
    public async Task OpenSocket_GoesOn_WhenItsAddressIsBlocked_ButMayNotAuthenticateAnew()
    {
        var alice = await fixture.World.UserAsync();
        using var client = From("127.0.0.16");
        await using var socket = await client.OpenAsync(alice.Token, isExtended: true);
        await socket.NextAsync("welcome");
        await BlockAsync(client.Http);

        Assert.Empty(await socket.UntilHeartbeatAsync());
        await socket.SendAsync(Credentials.Authenticate(alice.Token).With("request_id", "r"));
        Golden.Equal(
            """
            {"type":"error","code":"rate_limited","message":"Too many messages","request_id":"r",
             "retry_after_ms":"#wait"}
            """,
            await socket.NextAsync());
        Assert.Empty(await socket.UntilHeartbeatAsync());
    }

    /// <summary>Upgrades are answered with HTTP 429, whatever credential they hold.</summary>
    private async Task AssertBlockedAsync(AddressedClient client)
    {
        var alice = await fixture.World.UserAsync();
        foreach (var query in new[] { "", "?token=wrong", $"?token={alice.Token}" })
        {
            using var refused = await client.Http.AskForUpgradeAsync(
                $"ws/chat/{query}", ("Sec-WebSocket-Protocol", "newloom.v1"));
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromMinutes(1), refused.Headers.RetryAfter!.Delta);
            Golden.Equal(Throttled, (await refused.Content.ReadFromJsonAsync<JsonObject>(_ct))!);
        }
    }

    private async Task BlockAsync(HttpClient http)
    {
        for (var i = 0; i < FailuresMax; i++)
        {
            using var failed = await GetAsync(http, "api/chats", "wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, failed.StatusCode);
        }

        using var blocked = await GetAsync(http, "api/chats", "wrong");
        Assert.Equal(HttpStatusCode.TooManyRequests, blocked.StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(HttpClient http, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, _ct);
    }

    private AddressedClient From(string address) => new(fixture.Service, address);

    /// <summary>A service with the limits that an operator gets who sets none.</summary>
    public sealed class DefaultService() : ServiceFixture(new Dictionary<string, string?>
    {
        ["NewLoom__Limits__FailedAuthenticationsPerMinute"] = null,
    });
}
