using NewLoom.Gateway.Authentication.Jwt;
using NewLoom.Gateway.Cluster;
using Orleans.Runtime;

namespace NewLoom.Gateway;

/// <summary>Tells what is wrong with the world from what is wrong with the program.</summary>
internal static class Faults
{
    /// <summary>When a client may try again after an <see cref="IsUnavailable">unavailable</see> answer.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Whether storage or cluster could not take a call now, so that the same call may succeed
    /// later.</summary>
    public static bool IsUnavailable(Exception e) =>
        e is StorageUnavailableException or TimeoutException or OrleansException or AuthorityUnavailableException;

    /// <summary>Whether each call of every socket fails in the same way now, and the log has said why.</summary>
    public static bool IsKnown(Exception e) => e is ClusterLostException;
}
