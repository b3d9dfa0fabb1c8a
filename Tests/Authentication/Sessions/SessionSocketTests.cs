using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Sessions;

/// <summary>Sockets that rest on a session, and end with it.</summary>
[Collection(SharedService.Name)]
public sealed class SessionSocketTests(ServiceFixture fixture)
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/ws/chat/")]
    [InlineData("/ws/streams/")]
    public async Task Socket_Opens_ByTheCookieOfThePage(string path)
    {
        var user = await fixture.World.UserAsync();
        using var visitor = await Visitor.BeginAsync(fixture.Service, user.Token);
        await using var socket = await visitor.OpenSocketAsync(path: path);
        Assert.Empty(await socket.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Socket_SpeaksForTheToken_WhenTheUrlHasOneBesideTheCookie()
    {
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        var chatId = await fixture.World.ChatAsync(alice, bob);
        using var visitor = await Visitor.BeginAsync(fixture.Service, alice.Token);
        await using var socket = await visitor.OpenSocketAsync(bob.Token);
        await socket.SendAsync(ClientFrames.Message(chatId, "hello"));
        Assert.Equal(bob.Name, (await socket.NextAsync("message")).Get<string>("message.user"));

        await using var refused = await visitor.OpenSocketAsync("wrong");
        Assert.Equal((4401, "connection_error"), await refused.UntilClosedAsync());
    }

    [Fact]
    public async Task Socket_IsRefused_WhenTheCookieIsNoSession()
    {
        var user = await fixture.World.UserAsync();
        using var visitor = await Visitor.BeginAsync(fixture.Service, user.Token);
        await visitor.EndAsync();
        await using var refused = await visitor.OpenSocketAsync();
        Assert.Equal("Authentication failed", (await refused.NextAsync("error")).Get<string>("message"));
        Assert.Equal((4401, "connection_error"), await refused.UntilClosedAsync());
    }

    [Fact]
    public async Task Sockets_End_WhenTheSessionIsEnded_AndThoseOfOthersStay()
    {
        var user = await fixture.World.UserAsync();
        using var visitor = await Visitor.BeginAsync(fixture.Service, user.Token);
        using var other = await Visitor.BeginAsync(fixture.Service, user.Token);
        await using var first = await visitor.OpenSocketAsync();
        await using var second = await visitor.OpenSocketAsync(path: "/ws/streams/");
        await using var staying = await other.OpenSocketAsync();
        await using var byToken = await TestSocket.OpenAsync(fixture.Service, user.Token);

        await AssertEndsAsync(visitor.EndAsync, first, second);
        Assert.Empty(await staying.UntilHeartbeatAsync());
        Assert.Empty(await byToken.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Sockets_End_WhenTheTokenIsRevokedThatTheSessionWasExchangedFor()
    {
        var user = await fixture.World.UserAsync();
        using var http = fixture.Service.Http(user.Token);
        var tokens = await http.GetFromJsonAsync<JsonObject>($"api/users/{user.Name}/tokens", _ct);
        var tokenId = tokens!["tokens"]![0]!.Get<string>("token_id");
        using var visitor = await Visitor.BeginAsync(fixture.Service, user.Token);
        await using var socket = await visitor.OpenSocketAsync();

        await AssertEndsAsync(() => DeleteAsync($"api/users/{user.Name}/tokens/{tokenId}"), socket);
        Assert.Equal(401, await visitor.ProbeAsync());
    }

    [Fact]
    public async Task Sockets_End_WhenTheUserIsDeleted()
    {
        var user = await fixture.World.UserAsync();
        using var visitor = await Visitor.BeginAsync(fixture.Service, user.Token);
        await using var socket = await visitor.OpenSocketAsync();

        await AssertEndsAsync(() => DeleteAsync($"api/users/{user.Name}"), socket);
        Assert.Equal(401, await visitor.ProbeAsync());
    }

    [Fact]
    public async Task Sockets_End_WhenTheTokenExpiresThatTheSessionWasExchangedFor()
    {
        var user = await fixture.World.UserAsync();
        using var http = fixture.Service.Http(user.Token);
        using var answer = await http.PostAsJsonAsync($"api/users/{user.Name}/tokens", new { expires_in = 4 }, _ct);
        var issued = await answer.Content.ReadFromJsonAsync<JsonObject>(_ct);
        var expiresAt = issued!["expires_at"]!.GetValue<DateTimeOffset>();
        using var visitor = await Visitor.BeginAsync(fixture.Service, issued.Get<string>("token"));
        await using var socket = await visitor.OpenSocketAsync();

        await AssertExpiredAsync(socket);
        Assert.InRange(TimeProvider.System.GetUtcNow(), DateTimeOffset.MinValue, expiresAt + EndLimit);
        Assert.Equal(401, await visitor.ProbeAsync());
    }

    private static async Task AssertEndsAsync(Func<Task> end, params TestSocket[] sockets)
    {
        await end();
        var watch = Stopwatch.StartNew();
        foreach (var socket in sockets)
        {
            await AssertExpiredAsync(socket);
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, EndLimit);
    }

    private static async Task AssertExpiredAsync(TestSocket socket)
    {
        Golden.Equal(
            """{"type":"error","code":"connection_error","message":"Authentication expired"}""",
            await socket.NextAsync());
        Assert.Equal((4401, "connection_error"), await socket.UntilClosedAsync());
    }

    private async Task DeleteAsync(string path)
    {
        using var http = fixture.Service.Http();
        using var answer = await http.DeleteAsync(new Uri(path, UriKind.Relative), _ct);
        Assert.Equal(204, (int)answer.StatusCode);
    }
}
