using System.Collections.Immutable;
using Orleans.Concurrency;

namespace NewLoom.Gateways;

/// <summary>One topic, as gateways listen to it. The key is the chat's or stream's id.</summary>
/// <remarks>The topic knows gateways, never sockets. All calls may be repeated, and none waits for a write.</remarks>
[Alias("newloom.topic.audience")]
public interface ITopicAudienceGrain : IGrainWithIntegerKey
{
    /// <summary>Keeps the gateway among the listeners: after a missed event, a new activation, or to be sure.</summary>
    /// <param name="gatewayId">The gateway.</param>
    /// <param name="users">Users who have sockets for this topic there. Without any, the gateway stays a listener
    /// whoever they are.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("rejoin"), AlwaysInterleave]
    Task<RejoinResult> RejoinAsync(
        string gatewayId, ImmutableArray<string> users, CancellationToken cancellationToken = default);

    /// <summary>Removes the gateway from the listeners.</summary>
    [Alias("leave"), AlwaysInterleave]
    Task LeaveAsync(string gatewayId, CancellationToken cancellationToken = default);
}
