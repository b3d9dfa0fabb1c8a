using System.Net.Http.Json;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication;

/// <summary>Whoever loses what it was known by loses its sockets.</summary>
[Collection(SharedService.Name)]
public sealed class LiveEndTests(ServiceFixture fixture)
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Revocation_EndsTheSocketsOfTheTokenAlone()
    {
        var alice = await fixture.World.UserAsync();
        var (token, tokenId) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name);
        await using var chat = await TestSocket.OpenAsync(fixture.Service, token);
        await using var streams = await TestSocket.OpenAsync(fixture.Service, token, path: "/ws/streams/");
        await using var other = await TestSocket.OpenAsync(fixture.Service, alice.Token);
        var start = TimeProvider.System.GetTimestamp();

        await Credentials.RevokeAsync(fixture.Service, alice.Name, tokenId);

        await Credentials.ExpectExpiredAsync(chat);
        await Credentials.ExpectExpiredAsync(streams);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < EndsWithin);
        Assert.Empty(await other.UntilHeartbeatAsync());
        await using var late = await TestSocket.OpenAsync(fixture.Service, token);
        await Credentials.ExpectFailedAsync(late);
    }

    [Fact]
    public async Task Deletion_EndsAllSocketsOfTheUser()
    {
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        var (second, _) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name);
        await using var one = await TestSocket.OpenAsync(fixture.Service, alice.Token);
        await using var two = await TestSocket.OpenAsync(fixture.Service, second, isExtended: true);
        await using var other = await TestSocket.OpenAsync(fixture.Service, bob.Token);
        var start = TimeProvider.System.GetTimestamp();

        await Credentials.DeleteUserAsync(fixture.Service, alice.Name);

        await Credentials.ExpectExpiredAsync(one);
        await Credentials.ExpectExpiredAsync(two);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < EndsWithin);
        Assert.Empty(await other.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task UserThatIsCreatedAnew_IsLetInAtOnce()
    {
        var alice = await fixture.World.UserAsync();
        await Credentials.DeleteUserAsync(fixture.Service, alice.Name);
        using var http = fixture.Service.Http();
        (await http.PostAsJsonAsync("api/users", new { username = alice.Name }, TestContext.Current.CancellationToken))
            .EnsureSuccessStatusCode();
        var (token, _) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name);

        await using var socket = await TestSocket.OpenAsync(fixture.Service, token);

        Assert.Empty(await socket.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Tickets_OpenOneSocketEach_AndEndWithTheirToken()
    {
        var alice = await fixture.World.UserAsync();
        var (token, tokenId) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name);
        var issued = await Credentials.IssueTicketAsync(fixture.Service, token);
        Assert.Equal(["ticket", "expires_at"], issued.Select(field => field.Key));
        var query = $"ticket={issued.Get<string>("ticket")}";

        await using var socket = await TestSocket.OpenAsync(fixture.Service, token: null, isExtended: true, query: query);
        Assert.Equal(alice.Name, (await socket.NextAsync("welcome")).Get<string>("user"));
        await using var replayed = await TestSocket.OpenAsync(fixture.Service, token: null, query: query);
        await Credentials.ExpectFailedAsync(replayed);

        await Credentials.RevokeAsync(fixture.Service, alice.Name, tokenId);
        await Credentials.ExpectExpiredAsync(socket);
    }

    [Fact]
    public async Task Ticket_IsWorthless_WhenItsTokenWasRevokedMeanwhile()
    {
        var alice = await fixture.World.UserAsync();
        var (token, tokenId) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name);
        var issued = await Credentials.IssueTicketAsync(fixture.Service, token);
        await Credentials.RevokeAsync(fixture.Service, alice.Name, tokenId);

        await using var socket = await TestSocket.OpenAsync(
            fixture.Service, token: null, query: $"ticket={issued.Get<string>("ticket")}");

        await Credentials.ExpectFailedAsync(socket);
    }

    [Fact]
    public async Task Ticket_MayWhatItsTokenMay_AndNoMore()
    {
        var alice = await fixture.World.UserAsync();
        var (token, _) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name, 60, "streams:view");

        await using var streams = await OpenByTicketAsync(token, path: "/ws/streams/");
        Assert.Empty(await streams.UntilHeartbeatAsync());
        await using var chat = await OpenByTicketAsync(token);
        await Credentials.ExpectFailedAsync(chat);
    }

    [Fact]
    public async Task TicketsSocket_Ends_WhenItsTokenExpires()
    {
        var alice = await fixture.World.UserAsync();
        var (token, _) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name, expiresIn: 4);
        var end = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(4);    // or a moment before
        await using var socket = await OpenByTicketAsync(token);

        await Credentials.ExpectExpiredAsync(socket);

        Assert.True(TimeProvider.System.GetUtcNow() < end + EndsWithin);
    }

    [Fact]
    public async Task Ticket_IsKeptByNobody_OnItsWayToTheClient()
    {
        var alice = await fixture.World.UserAsync();
        using var http = fixture.Service.Http(alice.Token);
        using var answer = await http.PostAsync("api/tickets", content: null, TestContext.Current.CancellationToken);
        Assert.True(answer.EnsureSuccessStatusCode().Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("ticket=wrong")]
    [InlineData("ticket=")]
    [InlineData("ticket=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Ticket_Fails_WhenItIsUnknown(string query)
    {
        await using var socket = await TestSocket.OpenAsync(fixture.Service, token: null, query: query);
        await Credentials.ExpectFailedAsync(socket);
    }

    [Fact]
    public async Task Token_ComesBeforeTicket_WhenTheUrlHoldsBoth()
    {
        var alice = await fixture.World.UserAsync();
        var issued = await Credentials.IssueTicketAsync(fixture.Service, alice.Token);
        var query = $"ticket={issued.Get<string>("ticket")}";
        await using var refused = await TestSocket.OpenAsync(fixture.Service, "wrong", query: query);
        await Credentials.ExpectFailedAsync(refused);

        await using var socket = await TestSocket.OpenAsync(fixture.Service, token: null, query: query);    // not spent

        Assert.Empty(await socket.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Ticket_ComesBeforeTheHeader_WhenThereAreBoth()
    {
        var alice = await fixture.World.UserAsync();
        await using var socket = await OpenByTicketAsync(alice.Token, "wrong");
        Assert.Empty(await socket.UntilHeartbeatAsync());

        await using var refused = await TestSocket.OpenAsync(
            fixture.Service, token: null, query: "ticket=wrong", headers: Bearer(alice.Token));
        await Credentials.ExpectFailedAsync(refused);
    }

    private async Task<TestSocket> OpenByTicketAsync(string token, string? bearer = null, string path = "/ws/chat/")
    {
        var issued = await Credentials.IssueTicketAsync(fixture.Service, token);
        return await TestSocket.OpenAsync(
            fixture.Service, token: null, query: $"ticket={issued.Get<string>("ticket")}", path: path,
            headers: bearer is null ? null : Bearer(bearer));
    }

    private static Dictionary<string, string> Bearer(string token) => new() { ["Authorization"] = $"Bearer {token}" };
}
