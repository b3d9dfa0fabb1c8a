using System.Net;
using System.Text;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Sessions;

/// <summary>A browser with a session: it sends its cookie along, and the origin of the page that asks.</summary>
internal sealed class Visitor : IDisposable
{
    private const string CookieName = "newloom_session";

    private readonly ServiceProcess _service;
    private readonly HttpClient _http;

    private Visitor(ServiceProcess service, string cookie)
    {
        _service = service;
        _http = Client(service);
        Cookie = cookie;
    }

    /// <summary>As the browser sends it: name and value.</summary>
    public string Cookie { get; }

    /// <summary>The origin of the service's own pages.</summary>
    public string Home => Origin(_service);

    public static string Origin(ServiceProcess service) => $"http://127.0.0.1:{service.Port}";

    /// <summary>A client that keeps no cookies by itself.</summary>
    public static HttpClient Client(ServiceProcess service) =>
        new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = service.HttpUri };

    /// <summary>Exchanges the token for a session.</summary>
    public static async Task<Visitor> BeginAsync(ServiceProcess service, string token)
    {
        using var answer = await ExchangeAsync(service, token);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return new Visitor(service, SetCookie(answer).Split(';')[0]);
    }

    /// <summary>Asks for a session.</summary>
    public static async Task<HttpResponseMessage> ExchangeAsync(ServiceProcess service, string token)
    {
        using var http = service.Http(token);
        return await http.PostAsync(
            new Uri("api/session", UriKind.Relative), null, TestContext.Current.CancellationToken);
    }

    /// <summary>What the answer says about the session's cookie.</summary>
    public static string SetCookie(HttpResponseMessage answer) => Assert.Single(
        answer.Headers.GetValues("Set-Cookie"), line => line.StartsWith(CookieName + "=", StringComparison.Ordinal));

    /// <summary>The same browser with another cookie.</summary>
    public Visitor With(string cookie) => new(_service, cookie);

    /// <summary>Opens a socket from a page of the service.</summary>
    public Task<TestSocket> OpenSocketAsync(string? token = null, string path = "/ws/chat/") => TestSocket.OpenAsync(
        _service, token, path: path,
        headers: new Dictionary<string, string> { ["Cookie"] = Cookie, ["Origin"] = Home });

    /// <summary>Calls the API from a page.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Below the service's root.</param>
    /// <param name="origin">The page's origin; null leaves the header out.</param>
    /// <param name="json">The body.</param>
    /// <param name="token">Sent as a bearer token beside the cookie.</param>
    public Task<HttpResponseMessage> CallAsync(
        HttpMethod method, string path, string? origin = null, string? json = null, string? token = null)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { { "Cookie", Cookie } } };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        if (token is not null)
        {
            request.Headers.Add("Authorization", $"Bearer {token}");
        }

        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The status of a harmless call that needs a user.</summary>
    public async Task<int> ProbeAsync()
    {
        using var answer = await CallAsync(HttpMethod.Get, "api/chats");
        return (int)answer.StatusCode;
    }

    /// <summary>Ends the session.</summary>
    public async Task EndAsync()
    {
        using var answer = await CallAsync(HttpMethod.Delete, "api/session", Home);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("expires=Thu, 01 Jan 1970", SetCookie(answer), StringComparison.Ordinal);
    }

    public void Dispose() => _http.Dispose();
}
