using NewLoom.Tests.Support;

namespace NewLoom.Tests.Durability;

/// <summary>A leased job ends in an honest state though every process of the service died.</summary>
public sealed class LeaseTests
{
    private const int LeaseSeconds = 5;

    [Fact]
    public async Task LeasedJob_IsStalledThenLost_AfterTheServiceWasKilled_WithNobodyTouchingIt()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var service = new ServiceProcess();
        await service.StartAsync(ct);
        long streamId;
        await using (var room = await StreamRoom.OpenAsync(service))
        {
            streamId = room.StreamId;
            await room.Alice.SendAsync(room.Status("running", LeaseSeconds));
            await room.Alice.SendAsync(room.Stats(7));
            await room.Bob.NextAsync("execution_stats");
        }

        await service.KillAsync(ct);
        await service.StartAsync(ct);

        // Nobody asks the service for anything: the database alone is looked at.
        var statuses = await StoredStatuses.UntilAsync(
            service.Database, streamId, "lost", TimeSpan.FromSeconds(40));
        Assert.Equal(["running", "stalled", "LEASE_EXPIRED", "lost"], statuses);
    }
}
