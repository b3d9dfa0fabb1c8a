using NewLoom.Gateway.Cluster;
using NewLoom.Tests.Docs.Orleans;
using NewLoom.Tests.Support;
using Orleans.Runtime;

namespace NewLoom.Tests.Audience;

/// <summary>What is asked over doors that do not all lead somewhere.</summary>
public sealed class DoorCallsTests : IClassFixture<NewLoomCluster>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ArmedTime _time = new();
    private readonly DoorCalls _doors;
    private int _askedCount;

    public DoorCallsTests(NewLoomCluster cluster) => _doors = new DoorCalls(cluster.Grains, _time);

    [Fact]
    public async Task NextDoor_IsAskedAfterASecond_WhenOneIsSilent()
    {
        var answer = _doors.AskAsync(
            _ => ++_askedCount < 3 ? new TaskCompletionSource<int>().Task : Task.FromResult(7), _ct);
        for (var silent = 1; silent <= 2; silent++)
        {
            await _time.WaitForTimersAsync(1, _ct);
            Assert.Equal(silent, _askedCount);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(7, await answer);
    }

    [Fact]
    public async Task NextDoor_IsAskedAtOnce_WhenOneLeadsNowhere_FiveTimesAtMost()
    {
        await Assert.ThrowsAsync<SiloUnavailableException>(() => Failing(new SiloUnavailableException("cut")));
        Assert.Equal(5, _askedCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoOtherDoor_IsAsked_WhenNoneIsReachedOrTheGrainHasAnswered(bool isLost)
    {
        Exception failure = isLost ? new ClusterLostException() : new StorageUnavailableException("full");
        Assert.Same(failure, await Assert.ThrowsAnyAsync<Exception>(() => Failing(failure)));
        Assert.Equal(1, _askedCount);
    }

    private Task<int> Failing(Exception failure) => _doors.AskAsync(
        _ =>
        {
            _askedCount++;
            return Task.FromException<int>(failure);
        },
        _ct);
}
