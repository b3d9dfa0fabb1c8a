using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Silo;
using NewLoom.Tests.Support;
using Orleans.Runtime;

namespace NewLoom.Tests.Cluster;

public sealed class MembershipRefreshTests
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Table_IsReadEveryThreeSeconds_AlsoAfterAFailure()
    {
        var time = new ArmedTime();
        var members = new FailingMembers();
        using var refresh = new MembershipRefresh(members, time, NullLogger<MembershipRefresh>.Instance);
        await refresh.StartAsync(_ct);
        for (var count = 0; count < 3; count++)
        {
            await time.WaitForTimersAsync(1, _ct);
            time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(count, members.RefreshCount);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await time.WaitForTimersAsync(1, _ct);
        Assert.Equal(3, members.RefreshCount);
        await refresh.StopAsync(_ct);
    }

    /// <summary>Without a database nothing can be read.</summary>
    private sealed class FailingMembers : IClusterMembershipService
    {
        private int _refreshCount;

        public int RefreshCount => Volatile.Read(ref _refreshCount);

        public ClusterMembershipSnapshot CurrentSnapshot => throw new NotSupportedException();

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public ValueTask Refresh(
            MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _refreshCount);
            throw new TimeoutException("The database does not answer.");
        }

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
    }
}
