using System.Net;
using NewLoom.Tests.Authentication;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Limits;

/// <summary>Sockets that have not said yet who they are, on a service that gives them a minute for it.</summary>
public sealed class WaitingSocketTests(WaitingSocketTests.PatientService fixture)
    : IClassFixture<WaitingSocketTests.PatientService>
{
    private const int WaitingMax = 20;

    [Fact]
    public async Task TwentyFirstSocketOfAnAddress_Gets429_UntilOneHasAuthenticated()
    {
        var alice = await fixture.World.UserAsync();
        using var client = new AddressedClient(fixture.Service, "127.0.0.11");
        using var other = new AddressedClient(fixture.Service, "127.0.0.12");
        var waiting = new List<TestSocket>();
        for (var i = 0; i < WaitingMax; i++)
        {
            waiting.Add(await client.OpenAsync(token: null, isExtended: true));
        }

        await AssertRefusedAsync(client);
        await using var elsewhere = await other.OpenAsync(token: null, isExtended: true);
        await using var known = await client.OpenAsync(alice.Token, isExtended: true);
        await waiting[0].SendAsync(Credentials.Authenticate(alice.Token));
        await waiting[0].NextAsync("authenticated");

        await using var next = await client.OpenAsync(token: null, isExtended: true);
        await AssertRefusedAsync(client);
        foreach (var socket in waiting)
        {
            await socket.DisposeAsync();
        }
    }

    private static async Task AssertRefusedAsync(AddressedClient client)
    {
        using var refused = await client.Http.AskForUpgradeAsync("ws/chat/", ("Sec-WebSocket-Protocol", "newloom.v1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    public sealed class PatientService() : ServiceFixture(new Dictionary<string, string?>
    {
        ["NewLoom__Limits__AuthenticationTimeout"] = "00:01:00",
    });
}
