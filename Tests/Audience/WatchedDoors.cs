using System.Collections.Immutable;
using System.Reflection;
using NewLoom.Chats;
using NewLoom.Gateways;
using NewLoom.Streams;

namespace NewLoom.Tests.Audience;

/// <summary>A cluster's grains, but a door that counts, and that may lead nowhere.</summary>
public class WatchedDoors : DispatchProxy, ISiloDoorGrain
{
    private readonly Lock _lock = new();
    private readonly List<int> _asked = [];
    private IGrainFactory _cluster = null!;

    /// <summary>How many of the next questions get no answer.</summary>
    public int CutCount { get; set; }

    public static (IGrainFactory Grains, WatchedDoors Doors) Of(IGrainFactory cluster)
    {
        var grains = Create<IGrainFactory, WatchedDoors>();
        var doors = (WatchedDoors)(object)grains;
        doors._cluster = cluster;
        return (grains, doors);
    }

    /// <summary>How many topics each question was about, since the last call.</summary>
    public int[] TakeAsked()
    {
        lock (_lock)
        {
            int[] asked = [.. _asked];
            _asked.Clear();
            return asked;
        }
    }

    public Task<ImmutableArray<TopicPosition?>> RejoinAllAsync(
        ImmutableArray<ITopicAudienceGrain> topics, string gatewayId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _asked.Add(topics.Length);
            if (CutCount > 0)
            {
                CutCount--;
                return Task.FromException<ImmutableArray<TopicPosition?>>(new TimeoutException("cut"));
            }
        }

        return Door.RejoinAllAsync(topics, gatewayId, cancellationToken);
    }

    public Task KnockAsync(CancellationToken cancellationToken) => Door.KnockAsync(cancellationToken);

    public Task<LeaseRenewal> RenewAsync(string gatewayId, CancellationToken cancellationToken) =>
        Door.RenewAsync(gatewayId, cancellationToken);

    public Task<RejoinResult> RejoinAsync(
        ITopicAudienceGrain topic, string gatewayId, ImmutableArray<string> users,
        CancellationToken cancellationToken) => Door.RejoinAsync(topic, gatewayId, users, cancellationToken);

    public Task<ImmutableArray<ChatMessage>> ReadAsync(
        IChatAudienceGrain chat, long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken) =>
        Door.ReadAsync(chat, afterSeq, throughSeq, limit, cancellationToken);

    public Task<ImmutableArray<StreamEvent>> ReadAsync(
        IStreamAudienceGrain stream, long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken) =>
        Door.ReadAsync(stream, afterSeq, throughSeq, limit, cancellationToken);

    public Task<StreamSnapshot?> GetSnapshotAsync(
        IStreamAudienceGrain stream, CancellationToken cancellationToken) =>
        Door.GetSnapshotAsync(stream, cancellationToken);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.ReturnType == typeof(ISiloDoorGrain) ? this : targetMethod.Invoke(_cluster, args);

    private ISiloDoorGrain Door => _cluster.GetGrain<ISiloDoorGrain>(0);
}
