using System.Net;
using System.Net.Http.Headers;
using System.Text;
using NewLoom.Gateway.Transport;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Transport;

/// <summary>What browsers are told with every answer, and how much a request may hold.</summary>
[Collection(SharedService.Name)]
public sealed class SafetyHeaderTests(ServiceFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", 200)]
    [InlineData("page.js", 200)]
    [InlineData("?token=something", 200)]
    [InlineData("nothing-here", 404)]
    [InlineData("openapi/v1.json", 200)]
    [InlineData("api/chats", 401)]
    [InlineData("api/chats?limit=no-number&token=" + ServiceProcess.AdminToken, 403)]
    public async Task Answer_TellsBrowsersToBeCareful(string path, int status)
    {
        using var http = new HttpClient { BaseAddress = fixture.Service.HttpUri };

        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Ct);

        Assert.Equal(status, (int)answer.StatusCode);
        AssertIsCareful(answer);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("", "no-cache")]
    [InlineData("page.js", "no-cache")]
    [InlineData("?token=something", "no-store")]
    [InlineData("api/chats?token=something", "no-store")]
    [InlineData("nothing-here?token=something", "no-store")]
    public async Task Answer_IsNotKept_WhenItMayHoldASecret(string path, string expected)
    {
        using var http = new HttpClient { BaseAddress = fixture.Service.HttpUri };

        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Ct);

        Assert.Equal([expected], answer.Headers.GetValues("Cache-Control"));
    }

    [Fact]
    public async Task File_StaysKept_WhenItHasNotChanged()
    {
        using var http = new HttpClient { BaseAddress = fixture.Service.HttpUri };
        using var first = await http.GetAsync(new Uri("page.js", UriKind.Relative), Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, "page.js");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await http.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(["no-cache"], second.Headers.GetValues("Cache-Control"));
    }

    [Fact]
    public async Task Body_IsRefused_WhenItIsTooLarge()
    {
        var alice = await fixture.World.UserAsync();
        using var http = fixture.Service.Http(alice.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/chats")
        {
            Headers = { ExpectContinue = true },
            Content = new ByteArrayContent(new byte[TransportHosting.RequestBodyBytesMax + 1]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var answer = await http.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("\"code\":\"invalid_format\"", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        AssertIsCareful(answer);
    }

    [Fact]
    public async Task Chat_IsCreated_WithAsManyMembersAsTheBodyHolds()
    {
        var alice = await fixture.World.UserAsync();
        using var http = fixture.Service.Http(alice.Token);
        var filler = new string(' ', (int)TransportHosting.RequestBodyBytesMax - 100);
        using var body = new StringContent($$"""{"name":"Large","members":[]{{filler}}}""", Encoding.UTF8, "application/json");

        using var answer = await http.PostAsync(new Uri("api/chats", UriKind.Relative), body, Ct);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private static void AssertIsCareful(HttpResponseMessage answer)
    {
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ");
        Assert.Superset(
            new HashSet<string>
            {
                "default-src 'none'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'none'",
                "frame-ancestors 'none'",
            },
            policy.ToHashSet());
        Assert.DoesNotContain(policy, part => part.Contains("unsafe", StringComparison.Ordinal));
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(["same-origin"], answer.Headers.GetValues("Cross-Origin-Opener-Policy"));
        Assert.Equal(["same-origin"], answer.Headers.GetValues("Cross-Origin-Resource-Policy"));
        Assert.Contains("geolocation=()", answer.Headers.GetValues("Permissions-Policy").Single());
        Assert.Empty(answer.Headers.Server);
    }
}
