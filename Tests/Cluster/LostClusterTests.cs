using NewLoom.Tests.Support;

namespace NewLoom.Tests.Cluster;

/// <summary>A gateway process that loses all of its cluster, and finds it again.</summary>
public sealed class LostClusterTests
{
    private const int KillCount = 3;

    /// <summary>Orleans alone lets a call through a dead silo hang for its whole timeout.</summary>
    private static readonly TimeSpan RefusalLimit = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Sockets_StayOpenAndMissNothing_WhenTheOnlySiloIsKilledAndStartedAgain()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var silo = Parts.Silo();
        await using var gateway = Parts.Gateway(silo);
        await silo.StartAsync(ct);
        await gateway.StartAsync(ct);
        await using var room = await ChatRoom.OpenAsync(gateway);
        await using var stream = await StreamRoom.OpenAsync(gateway);
        await stream.Alice.SendAsync(stream.Status("running"));
        await stream.Bob.NextAsync("status_update");
        var sender = new PersistentSender(room.Alice, room.ChatId);

        for (var kill = 0; kill < KillCount; kill++)
        {
            for (var i = 0; i <= kill * 7; i++)
            {
                await sender.SendAsync();
            }

            await silo.KillAsync(ct);
            var refusedBefore = sender.Refusals.Count;
            await sender.SendUntilAsync(silo.StartAsync(ct));
            await sender.SendAsync();
            Assert.True(sender.Refusals.Count > refusedBefore);
        }

        // Exactly what was confirmed, in order, on the socket that was open all the while.
        foreach (var content in sender.Confirmed)
        {
            Assert.Equal(content, (await room.Bob.NextAsync("message"))["message"]!.Get<string>("content"));
        }

        await stream.Alice.SendAsync(stream.Status("completed"));
        Assert.Equal("completed", (await stream.Bob.NextAsync("status_update")).Get<string>("status"));
        var world = new World(gateway);
        var late = await world.ChatAsync(room.AliceUser, room.BobUser);
        await room.Alice.SayAsync(late, "in a chat that is new");
        Assert.Equal(late, (await room.Bob.NextAsync("message"))["message"]!.Get<long>("chat_id"));

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"unavailable after at most {sender.Refusals.Max().TotalMilliseconds:F0} ms; " +
            $"sent again after at most {sender.Waits.Max().TotalSeconds:F1} s with the silo's start");
        Assert.All(sender.Refusals, took => Assert.InRange(took, TimeSpan.Zero, RefusalLimit));
        Assert.DoesNotContain("   at ", gateway.Output, StringComparison.Ordinal);
    }
}
