using System.Globalization;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication;

/// <summary>Sockets whose token runs out, and those that get a fresh one in time.</summary>
[Collection(SharedService.Name)]
public sealed class RenewalTests(ServiceFixture fixture)
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("/ws/chat/", false)]
    [InlineData("/ws/chat/", true)]
    [InlineData("/ws/streams/", false)]
    public async Task Socket_EndsWithinTwoSeconds_WhenItsTokenExpires(string path, bool isExtended)
    {
        var alice = await fixture.World.UserAsync();
        var (token, _) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name, expiresIn: 1);
        var start = TimeProvider.System.GetTimestamp();
        await using var socket = await TestSocket.OpenAsync(fixture.Service, token, isExtended, path: path);

        await Credentials.ExpectExpiredAsync(socket);

        var took = TimeProvider.System.GetElapsedTime(start);
        Assert.InRange(took, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1) + EndsWithin);
    }

    [Fact]
    public async Task Socket_StaysOpen_WhenItAuthenticatesAnewInTime()
    {
        var alice = await fixture.World.UserAsync();
        var (old, _) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name, expiresIn: 2);
        await using var expiring = await TestSocket.OpenAsync(fixture.Service, old);
        await using var socket = await TestSocket.OpenAsync(fixture.Service, old, isExtended: true);
        var welcome = await socket.NextAsync("welcome");

        await socket.SendAsync(Credentials.Authenticate(alice.Token).With("request_id", "fresh"));

        var reply = await socket.NextAsync();
        Assert.Equal("authenticated", reply.Get<string>("type"));
        Assert.Equal(alice.Name, reply.Get<string>("user"));
        Assert.Equal("fresh", reply.Get<string>("request_id"));
        Assert.True(TimeOf(reply.Get<string>("expires_at")) > TimeOf(welcome.Get<string>("expires_at")));
        await Credentials.ExpectExpiredAsync(expiring);    // the same token, not renewed
        Assert.Empty(await socket.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Socket_RestsOnTheFreshToken_WhenItHasAuthenticatedAnew()
    {
        var alice = await fixture.World.UserAsync();
        var (old, oldId) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name);
        var (fresh, freshId) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name);
        await using var socket = await TestSocket.OpenAsync(fixture.Service, old, isExtended: true);
        await socket.SendAsync(Credentials.Authenticate(fresh));
        await socket.NextAsync("authenticated");

        await Credentials.RevokeAsync(fixture.Service, alice.Name, oldId);
        Assert.Empty(await socket.UntilHeartbeatAsync());
        await Credentials.RevokeAsync(fixture.Service, alice.Name, freshId);
        await Credentials.ExpectExpiredAsync(socket);
    }

    [Fact]
    public async Task Socket_IsClosed_WhenTheFreshTokenNamesAnotherUser()
    {
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        await using var socket = await TestSocket.OpenAsync(fixture.Service, alice.Token, isExtended: true);
        await socket.NextAsync("welcome");
        await socket.SendAsync(Credentials.Authenticate(bob.Token));
        await Credentials.ExpectFailedAsync(socket);
    }

    [Fact]
    public async Task Socket_IsClosed_WhenTheFreshTokenIsWrong()
    {
        var alice = await fixture.World.UserAsync();
        await using var socket = await TestSocket.OpenAsync(fixture.Service, alice.Token, isExtended: true);
        await socket.NextAsync("welcome");
        await socket.SendAsync(Credentials.Authenticate("wrong"));
        await Credentials.ExpectFailedAsync(socket);
    }

    [Fact]
    public async Task Socket_ReceivesNoStreamAnyMore_WhenTheFreshTokenIsForReportsAlone()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        var viewer = await room.OpenMoreAsync(room.BobUser, isExtended: true);
        await viewer.NextAsync("snapshot");
        var (reports, _) = await Credentials.IssueTokenAsync(
            fixture.Service, room.BobUser.Name, scopes: "streams:publish");
        await viewer.SendAsync(Credentials.Authenticate(reports));
        await viewer.NextAsync("authenticated");

        await room.Alice.SendAsync(room.Status("running"));

        await room.Bob.NextAsync("status_update");
        Assert.Empty(await viewer.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task PlainSocket_KnowsNoAuthenticateFrame_AndStaysOpen()
    {
        var alice = await fixture.World.UserAsync();
        await using var socket = await TestSocket.OpenAsync(fixture.Service, alice.Token);
        await socket.SendAsync(Credentials.Authenticate(alice.Token).With("request_id", "r"));
        Golden.Equal(
            """
            {"type":"error","code":"invalid_format","message":"Invalid message format",
             "detail":"type is not one that this socket knows","request_id":"r"}
            """,
            await socket.NextAsync());
        Assert.Empty(await socket.UntilHeartbeatAsync());
    }

    private static DateTimeOffset TimeOf(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
