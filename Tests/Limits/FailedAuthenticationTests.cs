using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Limits;

/// <summary>Failed authentications over HTTP against a service with the default limits; each test has a loopback
/// address of its own.</summary>
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
        using var http = From("127.0.0.11");
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
        using var admin = await GetAsync(other, "api/users/nobody", ServiceProcess.AdminToken);
        Assert.Equal(HttpStatusCode.NotFound, admin.StatusCode);
    }

    [Fact]
    public async Task BlockedAddress_StillGetsWhatNeedsNoCredential()
    {
        using var http = From("127.0.0.13");
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
        using var http = From("127.0.0.14");
        for (var i = 0; i <= FailuresMax; i++)
        {
            using var answer = await GetAsync(http, "openapi/v1.json", "stale");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using var admin = await GetAsync(http, "api/users/nobody", ServiceProcess.AdminToken);
        Assert.Equal(HttpStatusCode.NotFound, admin.StatusCode);
    }

    [Fact]
    public async Task OpenSocket_GoesOn_WhenItsAddressIsBlocked()
    {
        var alice = await new World(fixture.Service).UserAsync();
        await using var socket = await TestSocket.OpenAsync(fixture.Service, alice.Token);
        using var http = From("127.0.0.1");
        await BlockAsync(http);

        Assert.Empty(await socket.UntilHeartbeatAsync());
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

    private HttpClient From(string address) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, ct) =>
        {
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await tcp.ConnectAsync(new IPEndPoint(IPAddress.Loopback, fixture.Service.Port), ct);
            return new NetworkStream(tcp, ownsSocket: true);
        },
    })
    {
        BaseAddress = fixture.Service.HttpUri,
    };

    /// <summary>A service with the limits that an operator gets who sets none.</summary>
    public sealed class DefaultService : IAsyncLifetime
    {
        public ServiceProcess Service { get; } = new(new Dictionary<string, string?>
        {
            ["NewLoom__Limits__FailedAuthenticationsPerMinute"] = null,
        });

        public async ValueTask InitializeAsync() => await Service.StartAsync(CancellationToken.None);

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }
}
