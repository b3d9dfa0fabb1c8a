using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Security;

/// <summary>The log of the real service says who was refused and why.</summary>
public sealed class SecurityLogTests
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_SaysWhoWasRefused_AndNothingOfThoseWhoWereNot()
    {
        await using var service = new ServiceProcess();
        await service.StartAsync(_ct);
        var world = new World(service);
        var (alice, bob, carol) = (await world.UserAsync(), await world.UserAsync(), await world.UserAsync());
        var chatId = await world.ChatAsync(alice);
        await using (var own = await TestSocket.OpenAsync(service, alice.Token))
        {
            await own.SayAsync(chatId, "hello");
        }

        await RefuseFramesAsync(service, bob, chatId);
        await using (var socket = await TestSocket.OpenAsync(service, carol.Token))
        {
            await EndTokenAsync(service, carol);
            await socket.UntilClosedAsync();
            Assert.Equal(4401, socket.Closed.Code);
        }

        using (var http = service.Http("wrong"))
        {
            await http.GetAsync(new Uri("api/chats", UriKind.Relative), _ct);
        }

        await using (var socket = await TestSocket.OpenAsync(service, token: null, isExtended: true))
        {
            await socket.SendAsync(new string('x', 70_000));
            await socket.UntilClosedAsync();
            Assert.Equal(1009, socket.Closed.Code);
        }

        Assert.Equal(0, await service.StopAsync(_ct));
        var log = service.Output;
        foreach (var (user, reason) in new[]
        {
            (bob.Name, "permission_denied"), (bob.Name, "rate_limited"), (bob.Name, "refused_frames"),
            (bob.Name, "frame_too_large"), (carol.Name, "authentication_expired"), ("(null)", "authentication_failed"),
            ("(null)", "frame_too_large"),
        })
        {
            Assert.Contains($"user {user}, address 127.0.0.1, 1 times ({reason})", log, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(alice.Name, log, StringComparison.Ordinal);
        Assert.All(
            new[] { alice.Token, bob.Token, carol.Token },
            secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
    }

    private static async Task RefuseFramesAsync(
        ServiceProcess service, (string Name, string Token) user, long chatId)
    {
        await using (var socket = await TestSocket.OpenAsync(service, user.Token))
        {
            for (var i = 0; i < 60; i++)
            {
                await socket.SendAsync(ClientFrames.Typing(chatId));
            }

            await socket.UntilClosedAsync();
            Assert.Equal(4429, socket.Closed.Code);
        }

        await using (var socket = await TestSocket.OpenAsync(service, user.Token))
        {
            await socket.SendAsync(new JsonObject { ["type"] = new string('x', 70_000) });
            await socket.UntilClosedAsync();
            Assert.Equal(1009, socket.Closed.Code);
        }
    }

    private async Task EndTokenAsync(ServiceProcess service, (string Name, string Token) user)
    {
        using var http = service.Http();
        (await http.DeleteAsync(new Uri($"api/users/{user.Name}", UriKind.Relative), _ct)).EnsureSuccessStatusCode();
    }
}
