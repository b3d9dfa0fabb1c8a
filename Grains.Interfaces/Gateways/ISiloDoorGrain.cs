using System.Collections.Immutable;
using NewLoom.Chats;
using NewLoom.Streams;

namespace NewLoom.Gateways;

/// <summary>Answers from whatever silo the call arrives at, and asks other grains from there. There is one such grain
/// on each silo, with key 0.</summary>
/// <remarks>
/// <para>Orleans' client sends calls to a grain always over the same silo. When the network is cut between that one and
/// the grain's, they fail until it is mended, though other silos reach both. Calls of this grain go over all silos in
/// turn, so one of as many as there are silos finds a way: what must not wait for the end of a cut is asked here. A
/// gateway in a silo's process has its own silo's door alone, and does wait.</para>
/// <para>A gateway also knocks, so that it has a connection to every silo: see <c>SiloDoors</c> there.</para>
/// </remarks>
[Alias("newloom.silo-door")]
public interface ISiloDoorGrain : IGrainWithIntegerKey
{
    /// <summary>Does nothing, on the silo that the call arrives at.</summary>
    [Alias("knock")]
    Task KnockAsync(CancellationToken cancellationToken = default);

    /// <summary>Keeps the gateway live: <see cref="IGatewayDirectoryGrain.RenewAsync"/>.</summary>
    [Alias("renew")]
    Task<LeaseRenewal> RenewAsync(string gatewayId, CancellationToken cancellationToken = default);

    /// <summary>Keeps the gateway among the topic's listeners: <see cref="ITopicAudienceGrain.RejoinAsync"/>.</summary>
    [Alias("rejoin")]
    Task<RejoinResult> RejoinAsync(
        ITopicAudienceGrain topic, string gatewayId, ImmutableArray<string> users,
        CancellationToken cancellationToken = default);

    /// <summary>Keeps the gateway among the listeners of many topics, and names no user.</summary>
    /// <returns>The position of each, as in <see cref="RejoinResult"/>; null where none came within 1 s.</returns>
    [Alias("rejoin-all")]
    Task<ImmutableArray<TopicPosition?>> RejoinAllAsync(
        ImmutableArray<ITopicAudienceGrain> topics, string gatewayId, CancellationToken cancellationToken = default);

    /// <summary>Reads a chat: <see cref="IChatAudienceGrain.ReadAsync"/>.</summary>
    [Alias("read-chat")]
    Task<ImmutableArray<ChatMessage>> ReadAsync(
        IChatAudienceGrain chat, long afterSeq, long throughSeq, int limit,
        CancellationToken cancellationToken = default);

    /// <summary>Reads a stream: <see cref="IStreamAudienceGrain.ReadAsync"/>.</summary>
    [Alias("read-stream")]
    Task<ImmutableArray<StreamEvent>> ReadAsync(
        IStreamAudienceGrain stream, long afterSeq, long throughSeq, int limit,
        CancellationToken cancellationToken = default);

    /// <summary>The stream now: <see cref="IStreamAudienceGrain.GetSnapshotAsync"/>.</summary>
    [Alias("snapshot")]
    Task<StreamSnapshot?> GetSnapshotAsync(IStreamAudienceGrain stream, CancellationToken cancellationToken = default);
}
