using System.Net;
using NewLoom.Tests.Cluster;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Operations;

/// <summary>A process that lives but cannot be used is alive and not ready.</summary>
public sealed class HealthTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

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
        await service.Process.WaitForExitAsync(Ct);
    }

    private static async Task<HttpStatusCode> LiveAsync(ServiceProcess process)
    {
        using var http = process.Http();
        using var answer = await http.GetAsync(new Uri("healthz/live", UriKind.Relative), Ct);
        return answer.StatusCode;
    }

    private static async Task<string> NotReadyAsync(ServiceProcess process)
    {
        using var http = process.Http();
        using var answer = await http.GetAsync(new Uri("healthz/ready", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    /// <summary>Asks until it says so; an answer counts for a second.</summary>
    private static async Task UntilAsync(ServiceProcess process, HttpStatusCode status)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Limit);
        using var http = process.Http();
        HttpStatusCode last;
        do
        {
            using var answer = await http.GetAsync(new Uri("healthz/ready", UriKind.Relative), limit.Token);
            last = answer.StatusCode;
        }
        while (last != status);
    }
}
