using Microsoft.Playwright;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Sessions;

/// <summary>A page of another origin in a real browser, with the cookie of its visitor.</summary>
/// <remarks>The other origin is the same host with another port: to browsers the same site, so that SameSite does not
/// keep the cookie back and the Origin alone decides.</remarks>
[Collection(SharedService.Name)]
public sealed class ForeignPageTests(ServiceFixture fixture, Browser browser) : IClassFixture<Browser>
{
    private const string ForeignPage = "http://127.0.0.1:9/";
    private const string OpenSocket =
        """
        url => new Promise(done => {
          const socket = new WebSocket(url);
          socket.onopen = () => socket.send('{"type":"heartbeat"}');
          socket.onmessage = message => done(JSON.parse(message.data).type);
          socket.onclose = event => done(`closed ${event.code}`);
        })
        """;

    private const string PostForm =
        """
        url => {
          const form = document.createElement('form');
          form.method = 'POST';
          form.action = url;
          document.body.append(form);
          form.submit();
        }
        """;

    [Fact]
    public async Task ForeignPage_OpensNoSocket_WithTheCookieThatOpensOneForThePageOfTheService()
    {
        var service = fixture.Service;
        var user = await fixture.World.UserAsync();
        using var visitor = await Visitor.BeginAsync(service, user.Token);
        var pair = visitor.Cookie.Split('=', 2);
        await using var window = await browser.OpenWindowAsync();
        await window.AddCookiesAsync(
        [
            new Cookie
            {
                Name = pair[0],
                Value = pair[1],
                Domain = "127.0.0.1",
                Path = "/",
                HttpOnly = true,
                SameSite = SameSiteAttribute.Lax,
            },
        ]);
        await window.RouteAsync(
            ForeignPage, route => route.FulfillAsync(new() { Body = "<p>", ContentType = "text/html" }));
        var socketUrl = $"ws://127.0.0.1:{service.Port}/ws/chat/";

        var page = await window.NewPageAsync();
        await page.GotoAsync($"{visitor.Home}/openapi/v1.json");
        Assert.Equal("heartbeat", await page.EvaluateAsync<string>(OpenSocket, socketUrl));

        // Without the cookie they would be accepted and closed with 4401, and answered with 401.
        await page.GotoAsync(ForeignPage);
        Assert.Equal("closed 1006", await page.EvaluateAsync<string>(OpenSocket, socketUrl));
        var answer = await page.RunAndWaitForResponseAsync(
            () => page.EvaluateAsync(PostForm, $"{visitor.Home}/api/chats"), "**/api/chats");
        Assert.Equal(403, answer.Status);
    }
}
