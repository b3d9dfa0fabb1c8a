using System.Collections.Immutable;
using System.Reflection;
using NewLoom.Chats;
using NewLoom.Gateways;

namespace NewLoom.Tests.Audience;

/// <summary>A cluster's grains, but who joins a chat is answered by an activation that has come to the first message
/// alone; what is read is what is stored.</summary>
public class LaggingChats : DispatchProxy
{
    private IGrainFactory _cluster = null!;

    public static IGrainFactory On(IGrainFactory cluster)
    {
        var grains = Create<IGrainFactory, LaggingChats>();
        ((LaggingChats)(object)grains)._cluster = cluster;
        return grains;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var grain = targetMethod!.Invoke(_cluster, args);
        return grain is IChatAudienceGrain chat && targetMethod.ReturnType == typeof(IChatAudienceGrain)
            ? new LaggingChat(chat)
            : grain;
    }

    private sealed class LaggingChat(IChatAudienceGrain chat) : IChatAudienceGrain
    {
        public async Task<JoinResult> JoinAsync(string gatewayId, string user, CancellationToken cancellationToken)
        {
            var joined = await chat.JoinAsync(gatewayId, user, cancellationToken);
            return joined with
            {
                Chat = joined.Chat! with { Seq = 1 },
                Position = new TopicPosition { Epoch = Guid.NewGuid(), LastSeq = 1, RemovalCount = 0 },
            };
        }

        public Task<ImmutableArray<ChatMessage>> ReadAsync(
            long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken) =>
            chat.ReadAsync(afterSeq, throughSeq, limit, cancellationToken);

        public Task<RejoinResult> RejoinAsync(
            string gatewayId, ImmutableArray<string> users, CancellationToken cancellationToken) =>
            chat.RejoinAsync(gatewayId, users, cancellationToken);

        public Task LeaveAsync(string gatewayId, CancellationToken cancellationToken) =>
            chat.LeaveAsync(gatewayId, cancellationToken);
    }
}
