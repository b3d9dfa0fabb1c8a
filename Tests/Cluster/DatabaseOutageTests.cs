using System.Net;
using NewLoom.Tests.Support;
using static NewLoom.Tests.Operations.Health;

namespace NewLoom.Tests.Cluster;

/// <summary>The cluster's PostgreSQL server ends at once, and comes back.</summary>
public sealed class DatabaseOutageTests
{
    [Fact]
    public async Task Members_AreNotReadyMeanwhile_AndAMessageIsTakenOnce()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var cluster = await ClusterProcesses.StartAsync(siloCount: 2, gatewayCount: 1, ct);
        var all = cluster.Silos.Concat(cluster.Gateways).ToList();
        await using var room = await ChatRoom.OpenAsync(cluster.Gateways[0]);
        var before = await room.Alice.SayAsync(room.ChatId, "before");

        await cluster.Server.StopAsync(isImmediate: true);
        foreach (var process in all)
        {
            await UntilAsync(process, HttpStatusCode.ServiceUnavailable);
            Assert.Contains("\nstorage: ", await NotReadyAsync(process), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, await LiveAsync(process));
        }

        var message = ClientFrames.Message(room.ChatId, "meanwhile", "c1");
        await room.Alice.SendAsync(message);
        var refusal = await room.Alice.NextAsync("error");
        Assert.Equal(("unavailable", "c1"), (refusal.Get<string>("code"), refusal.Get<string>("client_id")));

        await cluster.Server.LaunchAsync(ct);
        foreach (var process in all)
        {
            await UntilAsync(process, HttpStatusCode.OK);
        }

        await room.Alice.SendAsync(message);
        await room.Alice.SendAsync(message);
        var last = await room.Alice.SayAsync(room.ChatId, "after");
        Assert.Equal(before.Get<long>("seq") + 2, last.Get<long>("seq"));
        foreach (var content in new[] { "before", "meanwhile", "after" })
        {
            Assert.Equal(content, (await room.Bob.NextAsync("message"))["message"]!.Get<string>("content"));
        }

        Assert.All(all, process => Assert.False(process.Process.HasExited));
    }
}
