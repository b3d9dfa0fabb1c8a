using System.Collections.Immutable;
using NewLoom.Chats;
using NewLoom.Gateways;
using NewLoom.Streams;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace NewLoom.Grains.Gateways;

/// <inheritdoc cref="ISiloDoorGrain" />
/// <remarks>A stateless worker is local to each silo, and Orleans' client sends calls to one over all silos in turn,
/// instead of over the one that it has once chosen for a grain. Reentrant: no question waits for another one.</remarks>
[StatelessWorker(1), Reentrant]
internal sealed class SiloDoorGrain(ISiloStatusOracle silos, TimeProvider time) : Grain, ISiloDoorGrain
{
    /// <summary>How long many topics are waited for.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(1);

    public Task KnockAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<LeaseRenewal> RenewAsync(string gatewayId, CancellationToken cancellationToken) => new()
    {
        WasLive = await GrainFactory.GetGrain<IGatewayDirectoryGrain>(0).RenewAsync(gatewayId, cancellationToken),
        Silos = [.. silos.GetApproximateSiloStatuses(onlyActive: true).Keys],
    };

    public Task<RejoinResult> RejoinAsync(
        ITopicAudienceGrain topic, string gatewayId, ImmutableArray<string> users,
        CancellationToken cancellationToken) => topic.RejoinAsync(gatewayId, users, cancellationToken);

    public async Task<ImmutableArray<TopicPosition?>> RejoinAllAsync(
        ImmutableArray<ITopicAudienceGrain> topics, string gatewayId, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AnswerMax, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return [.. await Task.WhenAll(topics.Select(topic => TryRejoinAsync(topic, gatewayId, over.Token)))];
    }

    public Task<ImmutableArray<ChatMessage>> ReadAsync(
        IChatAudienceGrain chat, long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken) =>
        chat.ReadAsync(afterSeq, throughSeq, limit, cancellationToken);

    public Task<ImmutableArray<StreamEvent>> ReadAsync(
        IStreamAudienceGrain stream, long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken) =>
        stream.ReadAsync(afterSeq, throughSeq, limit, cancellationToken);

    public Task<StreamSnapshot?> GetSnapshotAsync(IStreamAudienceGrain stream, CancellationToken cancellationToken) =>
        stream.GetSnapshotAsync(cancellationToken);

    private static async Task<TopicPosition?> TryRejoinAsync(
        ITopicAudienceGrain topic, string gatewayId, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await topic.RejoinAsync(gatewayId, users: [], cancellationToken).WaitAsync(cancellationToken);
            return answer.Position;
        }
        catch (Exception)
        {
            return null;    // whatever it was, another door may lead there
        }
    }
}
