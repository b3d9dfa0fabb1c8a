namespace NewLoom.Users;

/// <summary>One user's open sockets on all gateways, and what is counted once per user.</summary>
/// <remarks>The key is <see cref="UserKeys.ForUser"/>. Nothing is stored: gateways say again what they hold when they
/// renew. A gateway that stops renewing is forgotten with its sockets.</remarks>
[Alias("newloom.user.sockets")]
public interface IUserSocketsGrain : IGrainWithStringKey
{
    /// <summary>Counts one more socket; the user's first one anywhere makes it online. Repeats are harmless.</summary>
    /// <returns>False when the user has the most open sockets it may have; the socket was not counted.</returns>
    [Alias("open")]
    Task<bool> OpenAsync(string gatewayId, string connectionId, CancellationToken cancellationToken = default);

    /// <summary>Counts one socket less; 5 s after the last one the user is offline.</summary>
    [Alias("close")]
    Task CloseAsync(string gatewayId, string connectionId, CancellationToken cancellationToken = default);

    /// <summary>Takes up to <paramref name="count"/> messages from the user's rate, for the gateway to spend within
    /// <see cref="MessageAllowance.Lifetime"/>.</summary>
    /// <remarks>A gateway asks only when it has none left.</remarks>
    /// <param name="count">1 to <see cref="MessageAllowance.ChunkCount"/>.</param>
    /// <param name="emptyFor">How long it has had none left: in that time the user's rate was free to recover in
    /// full.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("take")]
    Task<MessageAllowance> TakeAsync(int count, TimeSpan emptyFor, CancellationToken cancellationToken = default);

    /// <summary>Tells the user's sockets that it became a member of a chat, whose last message was
    /// <paramref name="seq"/> then (0: none).</summary>
    [Alias("chat-added")]
    Task ChatAddedAsync(long chatId, string name, long seq, CancellationToken cancellationToken = default);

    /// <summary>Tells the user's sockets that it is no member of a chat any more.</summary>
    [Alias("chat-removed")]
    Task ChatRemovedAsync(long chatId, CancellationToken cancellationToken = default);

    /// <summary>Ends the user's sockets that rest on a token or session that has ended.</summary>
    /// <param name="hash">Its hash; null ends all sockets of the user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("credential-ended")]
    Task CredentialEndedAsync(string? hash, CancellationToken cancellationToken = default);

    /// <summary>Tells the user's sockets that it may view a stream from now on.</summary>
    [Alias("stream-added")]
    Task StreamAddedAsync(long streamId, CancellationToken cancellationToken = default);
}
