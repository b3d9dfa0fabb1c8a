using System.Collections.Immutable;
using NewLoom.Gateways;
using Orleans.Concurrency;

namespace NewLoom.Streams;

/// <summary>One stream, as gateways listen to it. The key is the stream id.</summary>
[Alias("newloom.stream.audience")]
public interface IStreamAudienceGrain : ITopicAudienceGrain
{
    /// <summary>Adds the gateway to the listeners if <paramref name="user"/> may view the stream.</summary>
    [Alias("join"), AlwaysInterleave]
    Task<StreamJoinResult> JoinAsync(string gatewayId, string user, CancellationToken cancellationToken = default);

    /// <summary>The stream now, for a gateway that may have missed something; null when it was deleted.</summary>
    [Alias("snapshot"), AlwaysInterleave]
    Task<StreamSnapshot?> GetSnapshotAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads statuses and errors forwards, for a gateway that missed some.</summary>
    /// <param name="afterSeq">Only those above this place.</param>
    /// <param name="throughSeq">And up to this one.</param>
    /// <param name="limit">At most so many, 1 to 1,000; the oldest are taken.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Ascending, without gaps; their positions are of no use.</returns>
    [Alias("read"), AlwaysInterleave]
    Task<ImmutableArray<StreamEvent>> ReadAsync(
        long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken = default);
}
