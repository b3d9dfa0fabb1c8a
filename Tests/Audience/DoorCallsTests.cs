using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Gateway.Cluster;
using NewLoom.Tests.Docs.Orleans;
using NewLoom.Tests.Support;
using Orleans.Runtime;

namespace NewLoom.Tests.Audience;

/// <summary>What is asked over doors that do not all lead somewhere.</summary>
public sealed class DoorCallsTests : IClassFixture<NewLoomCluster>
{
    private const int SiloCount = 3;

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ArmedTime _time = new();
    private readonly DoorCalls _doors;
    private int _askedCount;

    public DoorCallsTests(NewLoomCluster cluster) => _doors = Over(cluster.Grains, _time, SiloCount);

    [Fact]
    public async Task AllDoors_AreAskedAtOnceAfterASecond_WhenOneIsSilent_AndTheFirstAnswerCounts()
    {
        var given = new List<CancellationToken>();
        var answer = _doors.AskAsync(
            (_, token) =>
            {
                given.Add(token);
                return ++_askedCount < 3 ? new TaskCompletionSource<int>().Task : Task.FromResult(_askedCount);
            },
            _ct);
        await _time.WaitForTimersAsync(1, _ct);
        Assert.Equal(1, _askedCount);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(3, await answer);
        Assert.Equal(1 + SiloCount, _askedCount);
        Assert.All(given, token => Assert.True(token.IsCancellationRequested));    // nobody needs the others any more
    }

    [Fact]
    public async Task AllDoors_AreAskedAtOnce_WhenOneLeadsNowhere_TwiceAtMost_AndThenOneMore()
    {
        await Assert.ThrowsAsync<SiloUnavailableException>(() => Failing(new SiloUnavailableException("cut")));
        Assert.Equal(1 + SiloCount + SiloCount + 1, _askedCount);
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

    [Fact]
    public async Task AskEach_GivesTheAnswersOfThoseThatHaveOne_WithinTheLimit()
    {
        var answers = new List<int>();
        var asking = ReadAsync();
        await _time.WaitForTimersAsync(1, _ct);
        _time.Advance(TimeSpan.FromSeconds(2));
        await asking;
        Assert.Equal([3], answers);

        async Task ReadAsync()
        {
            var asked = _doors.AskEachAsync(
                (_, _) => ++_askedCount switch
                {
                    1 => new TaskCompletionSource<int>().Task,
                    2 => Task.FromException<int>(new SiloUnavailableException("cut")),
                    _ => Task.FromResult(_askedCount),
                },
                isOfAll: true, TimeSpan.FromSeconds(2), _ct);
            await foreach (var answer in asked)
            {
                answers.Add(answer);
            }
        }
    }

    /// <summary>Over the doors of a cluster with so many silos.</summary>
    internal static DoorCalls Over(IGrainFactory grains, TimeProvider time, int siloCount = 1)
    {
        var connection = new ClusterConnection(TimeProvider.System, NullLogger<ClusterConnection>.Instance);
        connection.NotifyGatewayCountChanged(siloCount, 0, connectionRecovered: false);
        return new DoorCalls(grains, connection, time);
    }

    private Task<int> Failing(Exception failure) => _doors.AskAsync(
        (_, _) =>
        {
            _askedCount++;
            return Task.FromException<int>(failure);
        },
        _ct);
}
