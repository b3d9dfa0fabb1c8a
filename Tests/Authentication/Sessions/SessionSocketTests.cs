using System.Diagnostics;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Sessions;

/// <summary>Sockets that rest on a session, and end with it.</summary>
[Collection(SharedService.Name)]
public sealed class SessionSocketTests(ServiceFixture fixture)
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

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
        await Credentials.ExpectFailedAsync(refused);
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
        var (token, tokenId) = await Credentials.IssueTokenAsync(fixture.Service, user.Name);
        using var visitor = await Visitor.BeginAsync(fixture.Service, token);
        await using var socket = await visitor.OpenSocketAsync();

        await AssertEndsAsync(() => Credentials.RevokeAsync(fixture.Service, user.Name, tokenId), socket);
        Assert.Equal(401, await visitor.ProbeAsync());
    }

    [Fact]
    public async Task Sockets_End_WhenTheUserIsDeleted()
    {
        var user = await fixture.World.UserAsync();
        using var visitor = await Visitor.BeginAsync(fixture.Service, user.Token);
        await using var socket = await visitor.OpenSocketAsync();

        await AssertEndsAsync(() => Credentials.DeleteUserAsync(fixture.Service, user.Name), socket);
        Assert.Equal(401, await visitor.ProbeAsync());
    }

    [Fact]
    public async Task Sockets_End_WhenTheTokenExpiresThatTheSessionWasExchangedFor()
    {
        var user = await fixture.World.UserAsync();
        var (token, _) = await Credentials.IssueTokenAsync(fixture.Service, user.Name, expiresIn: 4);
        var expiresAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(4);    // or a moment before
        using var visitor = await Visitor.BeginAsync(fixture.Service, token);
        await using var socket = await visitor.OpenSocketAsync();

        await Credentials.ExpectExpiredAsync(socket);
        Assert.InRange(TimeProvider.System.GetUtcNow(), DateTimeOffset.MinValue, expiresAt + EndLimit);
        Assert.Equal(401, await visitor.ProbeAsync());
    }

    private static async Task AssertEndsAsync(Func<Task> end, params TestSocket[] sockets)
    {
        await end();
        var watch = Stopwatch.StartNew();
        foreach (var socket in sockets)
        {
            await Credentials.ExpectExpiredAsync(socket);
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, EndLimit);
    }
}
