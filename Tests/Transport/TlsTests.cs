using System.Net;
using System.Net.WebSockets;
using NewLoom.Tests.Clients;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Transport;

/// <summary>HTTPS and WSS by Kestrel's own configuration.</summary>
public sealed class TlsTests(TlsService tls, Browser browser) : IClassFixture<TlsService>, IClassFixture<Browser>
{
    private const long ChatId = 123;

    /// <summary>48 kB each: more than may wait for a socket and than an HTTP/2 stream takes ahead, within the burst of a
    /// user.</summary>
    private const int BigMessageCount = 36;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Socket_Chats_OverTls(string httpVersion)
    {
        using var http = tls.Http();
        await using var alice = await OpenAsync("alice", httpVersion, http);
        await using var bob = await OpenAsync("bob", httpVersion, http);

        await alice.SayAsync(ChatId, $"over TLS and HTTP/{httpVersion}");

        var message = (await bob.NextAsync("message"))["message"]!.AsObject();
        Assert.Equal($"over TLS and HTTP/{httpVersion}", message.Get<string>("content"));
        Assert.Equal("alice", message.Get<string>("user"));
        await bob.SendAsync("""{"type":"disconnect"}""");
        Assert.Equal(1000, (await bob.UntilClosedAsync()).Code);
    }

    [Fact]
    public async Task Socket_IsClosed_WhenItsTokenIsWrong_OverHttp2()
    {
        using var http = tls.Http();
        await using var socket = await TestSocket.OpenAsync(
            new Uri($"wss://127.0.0.1:{tls.Service.Port}/ws/chat/?token=wrong"), options => UseVersion(options, "2.0"), http);

        Assert.Equal("connection_error", (await socket.NextAsync("error")).Get<string>("code"));
        Assert.Equal(4401, (await socket.UntilClosedAsync()).Code);
    }

    /// <summary>The service has let go of it when the others see its user leave.</summary>
    [Fact]
    public async Task DeafReader_IsDropped_OverHttp2()
    {
        using var http = tls.Http();
        await using var bob = await TestSocket.OpenAsync(
            tls.SocketUrl("bob"), options => options.AddSubProtocol("newloom.v1"), http);
        using var deaf = new ClientWebSocket();
        UseVersion(deaf.Options, "2.0");
        await deaf.ConnectAsync(tls.SocketUrl("alice"), http, Ct);
        await bob.UntilHeartbeatAsync();    // whoever came or went before

        for (var i = 0; i < BigMessageCount; i++)
        {
            await bob.SendAsync(ClientFrames.Message(ChatId, string.Concat(Enumerable.Repeat("😀", 4_000))));
        }

        var presence = await bob.NextAsync("presence");
        Assert.Equal(("alice", false), (presence.Get<string>("user"), presence.Get<bool>("online")));
    }

    [Fact]
    public async Task Page_Chats_OverTls()
    {
        await using var window = await browser.OpenWindowAsync(new() { IgnoreHTTPSErrors = true });
        var alice = await ChatTab.OpenAsync(window, tls.PageUrl("alice"));
        var bob = await ChatTab.OpenAsync(window, tls.PageUrl("bob"));
        var text = $"Hello {Guid.NewGuid():N}";

        await alice.SendAsync(text);

        await bob.ExpectLastMessageAsync(text);
        Assert.Empty(alice.Errors);
        Assert.Empty(bob.Errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("api/chats")]
    public async Task Answer_BindsTheHostToHttps(string path)
    {
        using var http = tls.Http();
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "chat.example" } };

        using var answer = await http.SendAsync(request, Ct);

        Assert.Equal(["max-age=2592000"], answer.Headers.GetValues("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Answer_BindsNoLoopbackHost_WhichOtherServicesUseToo()
    {
        using var http = tls.Http();

        using var answer = await http.GetAsync(new Uri("", UriKind.Relative), Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    private Task<TestSocket> OpenAsync(string user, string httpVersion, HttpMessageInvoker http) =>
        TestSocket.OpenAsync(tls.SocketUrl(user), options => UseVersion(options, httpVersion), http);

    private static void UseVersion(ClientWebSocketOptions options, string httpVersion) =>
        (options.HttpVersion, options.HttpVersionPolicy) =
            (Version.Parse(httpVersion), HttpVersionPolicy.RequestVersionExact);
}
