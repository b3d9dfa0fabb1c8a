using System.Collections.Immutable;

namespace NewLoom.Chats;

/// <summary>One chat, as gateways listen to it. The key is the chat id.</summary>
/// <remarks>The chat knows gateways, never sockets. All calls may be repeated.</remarks>
[Alias("newloom.chat.audience")]
public interface IChatAudienceGrain : IGrainWithIntegerKey
{
    /// <summary>Adds the gateway to the listeners if <paramref name="user"/> is a member.</summary>
    [Alias("join")]
    Task<JoinResult> JoinAsync(string gatewayId, string user, CancellationToken cancellationToken = default);

    /// <summary>Keeps the gateway among the listeners: after a missed event, a new activation, or to be sure.</summary>
    /// <param name="gatewayId">The gateway.</param>
    /// <param name="users">Users who have sockets for this chat there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("rejoin")]
    Task<RejoinResult> RejoinAsync(
        string gatewayId, ImmutableArray<string> users, CancellationToken cancellationToken = default);

    /// <summary>Removes the gateway from the listeners.</summary>
    [Alias("leave")]
    Task LeaveAsync(string gatewayId, CancellationToken cancellationToken = default);

    /// <summary>Reads forwards, for sockets that missed messages.</summary>
    /// <param name="afterSeq">Only messages above this one.</param>
    /// <param name="throughSeq">And up to this one.</param>
    /// <param name="limit">At most so many, 1 to 1,000; the oldest are taken.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("read")]
    Task<ImmutableArray<ChatMessage>> ReadAsync(
        long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken = default);
}
