using System.Net;
using System.Text.Json.Nodes;
using NewLoom.Tests.Authentication;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Security;

/// <summary>The log of the real service says who was refused and why: every kind of refusal but <c>slow_reader</c>, for
/// which <see cref="SocketRefusalTests"/> has to do.</summary>
public sealed class SecurityLogTests
{
    private const int FailuresMax = 3;
    private const int OpenSocketsMax = 2;

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly List<(string User, string Address, string Reason)> _refused = [];

    [Fact]
    public async Task Log_SaysWhoWasRefused_AndNothingOfThoseWhoWereNot()
    {
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["NewLoom__Limits__FailedAuthenticationsPerMinute"] = $"{FailuresMax}",
            ["NewLoom__Limits__UnauthenticatedSockets"] = "1",
            ["NewLoom__Limits__AuthenticationTimeout"] = "00:00:05",
            ["NewLoom__Limits__OpenSockets"] = $"{OpenSocketsMax}",
        });
        await service.StartAsync(_ct);
        var world = new World(service);
        var (alice, bob) = (await world.UserAsync(), await world.UserAsync());
        var (carol, dave) = (await world.UserAsync(), await world.UserAsync());
        var chatId = await world.ChatAsync(alice);
        await using (var own = await TestSocket.OpenAsync(service, alice.Token))
        {
            await own.SayAsync(chatId, "hello");
        }

        await RefuseWaitingAsync(service, "127.0.0.11");
        await RefuseFirstFrameAsync(service, "127.0.0.12");
        await RefuseLargeFirstFrameAsync(service, "127.0.0.13");
        await RefuseOriginAsync(service, "127.0.0.14");
        await ThrottleAsync(service, "127.0.0.15", call => call.GetAsync(
            new Uri("api/chats?token=wrong", UriKind.Relative), _ct));
        await ThrottleAsync(service, "127.0.0.16", call => call.AskForUpgradeAsync("ws/chat/"));
        await RefuseFramesAsync(service, bob, chatId);
        await ExpireAsync(service, carol);
        await RefuseOpenSocketsAsync(service, dave);

        Assert.Equal(0, await service.StopAsync(_ct));
        var log = service.Output;
        Assert.Equal(11, _refused.Select(refused => refused.Reason).Distinct().Count());
        Assert.All(_refused, refused => Assert.Contains(
            $"user {refused.User}, address {refused.Address}, 1 times ({refused.Reason})", log,
            StringComparison.Ordinal));
        Assert.DoesNotContain(
            log.Split('\n'),
            line => line.Contains("Refused, ", StringComparison.Ordinal)
                && line.Contains(alice.Name, StringComparison.Ordinal));
        Assert.All(
            new[] { alice.Token, bob.Token, carol.Token, dave.Token },
            secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
    }

    private async Task RefuseWaitingAsync(ServiceProcess service, string address)
    {
        using var client = new AddressedClient(service, address);
        await using var waiting = await client.OpenAsync(token: null, isExtended: true);
        using var refused = await client.Http.AskForUpgradeAsync("ws/chat/", ("Sec-WebSocket-Protocol", "newloom.v1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        await Credentials.ExpectFailedAsync(waiting);    // after its time
        Note(address, "unauthenticated_sockets", "authentication_timeout");
    }

    private async Task RefuseFirstFrameAsync(ServiceProcess service, string address)
    {
        using var client = new AddressedClient(service, address);
        await using var socket = await client.OpenAsync(token: null, isExtended: true);
        await socket.SendAsync(Credentials.Authenticate("wrong"));
        await Credentials.ExpectFailedAsync(socket);
        Note(address, "authentication_failed");
    }

    private async Task RefuseLargeFirstFrameAsync(ServiceProcess service, string address)
    {
        using var client = new AddressedClient(service, address);
        await using var socket = await client.OpenAsync(token: null, isExtended: true);
        await socket.SendAsync(new string('x', 70_000));
        Assert.Equal(1009, (await socket.UntilClosedAsync()).Code);
        Note(address, "frame_too_large");
    }

    private async Task RefuseOriginAsync(ServiceProcess service, string address)
    {
        using var client = new AddressedClient(service, address);
        using var refused = await client.Http.AskForUpgradeAsync(
            "ws/chat/", ("Origin", "https://evil.example"), ("Cookie", "newloom_session=x"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Note(address, "foreign_origin");
    }

    private async Task ThrottleAsync(
        ServiceProcess service, string address, Func<HttpClient, Task<HttpResponseMessage>> call)
    {
        using var client = new AddressedClient(service, address);
        for (var i = 0; i < FailuresMax; i++)
        {
            using var failed = await client.Http.GetAsync(new Uri("api/chats?token=wrong", UriKind.Relative), _ct);
            Assert.Equal(HttpStatusCode.Unauthorized, failed.StatusCode);
        }

        using var throttled = await call(client.Http);
        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.StatusCode);
        Note(address, "authentication_failed", "authentication_throttled");
    }

    private async Task RefuseFramesAsync(ServiceProcess service, (string Name, string Token) user, long chatId)
    {
        await using (var socket = await TestSocket.OpenAsync(service, user.Token))
        {
            for (var i = 0; i < 60; i++)
            {
                await socket.SendAsync(ClientFrames.Typing(chatId));
            }

            Assert.Equal(4429, (await socket.UntilClosedAsync()).Code);
        }

        await using (var socket = await TestSocket.OpenAsync(service, user.Token))
        {
            await socket.SendAsync(new JsonObject { ["type"] = new string('x', 70_000) });
            Assert.Equal(1009, (await socket.UntilClosedAsync()).Code);
        }

        NoteUser(user.Name, "permission_denied", "rate_limited", "refused_frames", "frame_too_large");
    }

    private async Task ExpireAsync(ServiceProcess service, (string Name, string Token) user)
    {
        var (token, tokenId) = await Credentials.IssueTokenAsync(service, user.Name);
        await using var socket = await TestSocket.OpenAsync(service, token);
        await Credentials.RevokeAsync(service, user.Name, tokenId);
        await Credentials.ExpectExpiredAsync(socket);
        NoteUser(user.Name, "authentication_expired");
    }

    private async Task RefuseOpenSocketsAsync(ServiceProcess service, (string Name, string Token) user)
    {
        var sockets = new List<TestSocket>();
        for (var i = 0; i <= OpenSocketsMax; i++)
        {
            sockets.Add(await TestSocket.OpenAsync(service, user.Token));
        }

        Assert.Equal(4429, (await sockets[^1].UntilClosedAsync()).Code);
        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }

        NoteUser(user.Name, "open_sockets");
    }

    private void Note(string address, params string[] reasons) =>
        _refused.AddRange(reasons.Select(reason => ("(null)", address, reason)));

    private void NoteUser(string user, params string[] reasons) =>
        _refused.AddRange(reasons.Select(reason => (user, "127.0.0.1", reason)));
}
