using System.Net;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Cluster;

/// <summary>A silo without a gateway, and a gateway without a silo, as processes.</summary>
public sealed class ApartTests
{
    [Fact]
    public async Task Gateway_WaitsForTheCluster_AndServesWhenItIsThere()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var silo = Parts.Silo();
        await using var gateway = Parts.Gateway(silo);

        var started = gateway.StartAsync(ct);
        await gateway.UntilOutputAsync("cannot be reached yet", ct);
        await gateway.UntilOutputAsync("cannot be reached yet", ct, count: 2);
        using var http = gateway.Http();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "healthz/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(http, "healthz/ready"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(http, "api/chats"));
        Assert.DoesNotContain("   at ", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", gateway.Output, StringComparison.Ordinal);

        await silo.StartAsync(ct);
        await started;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "healthz/ready"));
        await using var room = await ChatRoom.OpenAsync(gateway);
        await room.Alice.SayAsync(room.ChatId, "apart");
        Assert.Equal("apart", (await room.Bob.NextAsync("message"))["message"]!.Get<string>("content"));
    }

    [Fact]
    public async Task WaitingGateway_EndsWell_WhenItIsAskedTo()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var silo = Parts.Silo();
        await using var gateway = Parts.Gateway(silo);
        gateway.Launch();
        await gateway.UntilOutputAsync("cannot be reached yet", ct);

        Assert.Equal(0, await gateway.StopAsync(ct));
        Assert.DoesNotContain("   at ", gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SiloAlone_ServesHealthChecksAndNothingElse()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var silo = Parts.Silo();
        await silo.StartAsync(ct);

        using var http = silo.Http();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "healthz/live"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "healthz/ready"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, "api/chats"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, "ws/chat/"));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path) =>
        (await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode;
}
