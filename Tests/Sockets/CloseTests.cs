using NewLoom.Tests.Authentication;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

[Collection(SharedService.Name)]
public sealed class CloseTests(ServiceFixture fixture)
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("wrong", false)]
    [InlineData("wrong", true)]
    public async Task Socket_GetsErrorAnd4401_WhenAuthenticationFails(string? token, bool isExtended)
    {
        await using var socket = await TestSocket.OpenAsync(fixture.Service, token, isExtended);
        await Credentials.ExpectFailedAsync(socket);
    }

    [Fact]
    public async Task Socket_GetsErrorAnd4401_WhenTheTokenIsRevoked()
    {
        var alice = await fixture.World.UserAsync();
        var (token, tokenId) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name);
        await Credentials.RevokeAsync(fixture.Service, alice.Name, tokenId);

        await using var socket = await TestSocket.OpenAsync(fixture.Service, token);

        await Credentials.ExpectFailedAsync(socket);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disconnect_ClosesWith1000_AfterWhatWasAskedBefore(bool isExtended)
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service, isExtended);

        await room.Alice.SendAsync(ClientFrames.Heartbeat());
        await room.Alice.SendAsync("""{"type":"disconnect"}""");

        await room.Alice.NextAsync("heartbeat");
        Assert.Equal(1000, (await room.Alice.UntilClosedAsync()).Code);
        Assert.Equal("message_status", (await room.Bob.SayAsync(room.ChatId, "hi")).Get<string>("type"));
    }

    [Fact]
    public async Task Sockets_AreSentAway_WhenTheServerStops()
    {
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["NewLoom__Drain__Window"] = "00:00:00.500",
        });
        await service.StartAsync(TestContext.Current.CancellationToken);
        await using var room = await ChatRoom.OpenAsync(service);
        var extended = await room.OpenMoreAsync(room.BobUser, isExtended: true);
        await using var silent = await TestSocket.OpenAsync(service, token: null, isExtended: true);

        service.Terminate();

        var notice = await extended.NextAsync("disconnect");
        Golden.Equal("""{"type":"disconnect","reason":"draining","reconnect_after_ms":"#wait"}""", notice);
        Assert.InRange(notice.Get<long>("reconnect_after_ms"), 0, 500);
        foreach (var socket in new[] { room.Alice, room.Bob, extended, silent })
        {
            Assert.Equal((1001, "unavailable"), await socket.UntilClosedAsync());
        }

        await service.Process.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(0, service.Process.ExitCode);
    }
}
