using Orleans.Runtime;

namespace NewLoom.Grains.Storage.PostgreSql;

/// <summary>Keeps a silo that the cluster has given up from writing.</summary>
/// <remarks>A process that was frozen does not know how long. The row is locked until the transaction ends: either it
/// ends before the silo is declared dead, or it sees that. See docs/decisions/0008.</remarks>
internal sealed class MemberFence(string clusterId, SiloAddress silo)
{
    private const int Dead = (int)SiloStatus.Dead;

    private bool _isMember;

    /// <summary>Looks, in the transaction that has begun.</summary>
    /// <exception cref="MemberGoneException">The silo is dead, for the cluster.</exception>
    public void Check(DatabaseSession session)
    {
        var found = session.Query(
            """
            SELECT Status FROM OrleansMembershipTable
            WHERE DeploymentId = @cluster AND Address = @address AND Port = @port AND Generation = @generation
            FOR SHARE
            """,
            row => row.GetInt32(0),
            ("@cluster", clusterId),
            ("@address", silo.Endpoint.Address.ToString()),
            ("@port", silo.Endpoint.Port),
            ("@generation", silo.Generation));
        if (found is [Dead] || (found is [] && _isMember))
        {
            throw new MemberGoneException($"The cluster {clusterId} has declared this silo ({silo}) dead.");
        }

        // Without a membership table in this database there is no row, and nobody who could give the silo up.
        _isMember = found is [_];
    }
}
