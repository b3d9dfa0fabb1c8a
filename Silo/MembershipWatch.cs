using System.Collections.Immutable;
using NewLoom.Gateway.Cluster;

namespace NewLoom.Silo;

/// <summary>Tells the gateway of this process when another silo has gone: what that one had to tell it is lost, and a
/// gateway in a silo's process has no connection that breaks.</summary>
internal sealed class MembershipWatch(IClusterMembershipService membership, ClusterConnection connection)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ImmutableHashSet<SiloAddress> active = [];
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            var before = active;
            active = [.. snapshot.Members.Values
                .Where(member => member.Status == SiloStatus.Active)
                .Select(member => member.SiloAddress)];
            if (!before.IsSubsetOf(active))
            {
                connection.NoteSiloGone();
            }
        }
    }
}
