using System.Collections.Immutable;
using NewLoom.Gateways;

namespace NewLoom.Chats;

/// <summary>One chat, as gateways listen to it. The key is the chat id.</summary>
[Alias("newloom.chat.audience")]
public interface IChatAudienceGrain : ITopicAudienceGrain
{
    /// <summary>Adds the gateway to the listeners if <paramref name="user"/> is a member.</summary>
    [Alias("join")]
    Task<JoinResult> JoinAsync(string gatewayId, string user, CancellationToken cancellationToken = default);

    /// <summary>Reads forwards, for sockets that missed messages.</summary>
    /// <param name="afterSeq">Only messages above this one.</param>
    /// <param name="throughSeq">And up to this one.</param>
    /// <param name="limit">At most so many, 1 to 1,000; the oldest are taken.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("read")]
    Task<ImmutableArray<ChatMessage>> ReadAsync(
        long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken = default);
}
