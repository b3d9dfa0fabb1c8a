using System.Net;
using System.Net.WebSockets;
using NewLoom.Tests.Cluster;
using NewLoom.Tests.Support;
using static NewLoom.Tests.Operations.Health;

namespace NewLoom.Tests.Operations;

/// <summary>A process that lives but cannot be used is alive and not ready.</summary>
public sealed class HealthTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SiloAndGateway_AreNotReadyButAlive_WhileStorageTakesNoWrites()
    {
        await using var silo = Parts.Silo(isOnFile: true);
        await using var gateway = Parts.Gateway(silo);
        await silo.StartAsync(Ct);
        await gateway.StartAsync(Ct);

        using (silo.Database.Lock())
        {
            Assert.Contains("\nstorage: ", await NotReadyAsync(silo), StringComparison.Ordinal);
            Assert.Contains("\nstorage: ", await NotReadyAsync(gateway), StringComparison.Ordinal);
            Assert.Equal(
                [HttpStatusCode.OK, HttpStatusCode.OK], [await LiveAsync(silo), await LiveAsync(gateway)]);
        }

        await UntilAsync(silo, HttpStatusCode.OK);
        await UntilAsync(gateway, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Gateway_IsNotReadyButAlive_WhileTheClusterIsGone()
    {
        await using var silo = Parts.Silo();
        await using var gateway = Parts.Gateway(silo);
        await silo.StartAsync(Ct);
        await gateway.StartAsync(Ct);

        await silo.KillAsync(Ct);
        await UntilAsync(gateway, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await LiveAsync(gateway));
        await silo.StartAsync(Ct);
        await UntilAsync(gateway, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Service_IsNotReadyButAlive_WhileItDrains()
    {
        await using var service = new ServiceProcess(
            new Dictionary<string, string?> { ["NewLoom__Drain__Window"] = "00:00:30" });
        await service.StartAsync(Ct);
        await using var room = await ChatRoom.OpenAsync(service);    // one is closed at once, the other a while later

        service.Terminate();
        var closed = await Task.WhenAny(room.Alice.UntilClosedAsync(), room.Bob.UntilClosedAsync());

        Assert.Equal((1001, "unavailable"), await closed);
        Assert.Contains("\nlifetime: stopping", await NotReadyAsync(service), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await LiveAsync(service));
        var refusal = await Assert.ThrowsAsync<WebSocketException>(
            () => TestSocket.OpenAsync(service, room.AliceUser.Token));
        Assert.Contains("503", refusal.Message, StringComparison.Ordinal);
        await service.Process.WaitForExitAsync(Ct);
    }
}
