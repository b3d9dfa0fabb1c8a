using System.Reflection;
using NewLoom.Gateway;
using NewLoom.Gateway.Cluster;
using NewLoom.Tests.Support;
using Orleans.Runtime;

namespace NewLoom.Tests.Cluster;

/// <summary>Calls that a silo which stops would not carry out.</summary>
public sealed class RejectedCallsTests
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ArmedTime _time = new();
    private int _count;

    [Fact]
    public async Task RejectedCall_IsMadeAgainAtOnceAndThenAfterAPause()
    {
        var call = CallAsync(() => _count < 3 ? Task.FromException(Rejection()) : Task.CompletedTask);
        await _time.WaitForTimersAsync(1, _ct);
        Assert.Equal(2, _count);

        _time.Advance(TimeSpan.FromMilliseconds(100));
        await call;
        Assert.Equal(3, _count);
    }

    [Fact]
    public async Task CallThatIsRejectedAllTheTime_IsGivenUp()
    {
        var call = CallAsync(() => Task.FromException(Rejection()));
        await _time.WaitForTimersAsync(1, _ct);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => call);
        Assert.Equal(3, _count);
    }

    [Fact]
    public async Task CallThatMayHaveBeenCarriedOut_IsNotMadeAgain()
    {
        await Assert.ThrowsAsync<SiloUnavailableException>(
            () => CallAsync(() => Task.FromException(new SiloUnavailableException("broken"))));
        Assert.Equal(1, _count);
    }

    [Fact]
    public async Task CallThatTheClusterHasGivenUp_IsUnavailable()
    {
        var fault = await Assert.ThrowsAsync<SiloUnavailableException>(() => CallAsync(Expire));
        Assert.True(Faults.IsUnavailable(fault));
    }

    [Fact]
    public async Task CallThatItsCallerCancels_IsCancelled() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => CallAsync(Expire, new CancellationToken(canceled: true)));

    private static Task Expire() => Task.FromException(new OperationCanceledException("Message expired"));

    private Task CallAsync(Func<Task> answer, CancellationToken? canceled = null) => new RejectedCalls(_time).Invoke(FakeCall.Of(
        () =>
        {
            _count++;
            return answer();
        },
        canceled ?? _ct));

    // Its constructors are Orleans' own.
    private static Exception Rejection() => (Exception)Activator.CreateInstance(
        typeof(OrleansMessageRejectionException), BindingFlags.Instance | BindingFlags.NonPublic, binder: null,
        ["Silo stopping"], culture: null)!;
}
