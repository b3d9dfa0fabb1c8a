using System.Collections.Immutable;
using NewLoom.Audit;
using Orleans.Concurrency;

namespace NewLoom.Users;

/// <summary>One user's account and tokens. The key is <see cref="UserKeys.ForUser"/>.</summary>
/// <remarks>Every change takes its <c>actor</c>, who makes it: a username, or a name of <see cref="Actor"/>. It is
/// recorded (<see cref="IAuditGrain"/>) before it takes effect.</remarks>
[Alias("newloom.user")]
public interface IUserGrain : IGrainWithStringKey
{
    /// <summary>Creates the user.</summary>
    /// <returns>False when there is one already.</returns>
    [Alias("create")]
    Task<bool> CreateAsync(string actor, CancellationToken cancellationToken = default);

    /// <summary>When the user was created, or null when there is none.</summary>
    /// <remarks>Answers in the middle of other calls: a chat that asks may be one that a deletion waits for.</remarks>
    [Alias("created-at"), AlwaysInterleave]
    Task<DateTimeOffset?> GetCreatedAtAsync(CancellationToken cancellationToken = default);

    /// <summary>Deletes the user, its tokens and memberships, and ends its sockets. What it wrote stays. A deletion that
    /// was cut short is completed by calling this again.</summary>
    /// <returns>False when there was none.</returns>
    [Alias("delete")]
    Task<bool> DeleteAsync(string actor, CancellationToken cancellationToken = default);

    /// <summary>Issues a token; a user with 100 valid ones loses the oldest.</summary>
    /// <param name="actor">Who makes the change.</param>
    /// <param name="lifetime">How long it is valid, from now; more than zero.</param>
    /// <param name="scopes">Names of <see cref="TokenScopes"/>, at least one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The token, or null when there is no such user.</returns>
    [Alias("issue-token")]
    Task<IssuedToken?> IssueTokenAsync(
        string actor, TimeSpan lifetime, ImmutableArray<string> scopes, CancellationToken cancellationToken = default);

    /// <summary>Tokens that are valid now, oldest first, or null when there is no such user.</summary>
    [Alias("list-tokens")]
    Task<ImmutableArray<TokenInfo>?> ListTokensAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends a token for good, with the sessions that it was exchanged for and the sockets that rest on
    /// it.</summary>
    /// <returns>False when the user has no such token.</returns>
    [Alias("revoke-token")]
    Task<bool> RevokeTokenAsync(string actor, Guid tokenId, CancellationToken cancellationToken = default);

    /// <summary>Begins a browser's session: a token that is not listed, and ends with the one that it was exchanged
    /// for. A user with 100 valid ones loses the oldest.</summary>
    /// <param name="actor">Who makes the change.</param>
    /// <param name="parentHash">The hash of the token that it is exchanged for; null when this service issued
    /// none.</param>
    /// <param name="lifetime">How long it is valid, from now; more than zero.</param>
    /// <param name="scopes">Names of <see cref="TokenScopes"/>, at least one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The session's secret, or null when there is no such user, or the parent has ended or is a session
    /// itself.</returns>
    [Alias("begin-session")]
    Task<IssuedToken?> BeginSessionAsync(
        string actor, string? parentHash, TimeSpan lifetime, ImmutableArray<string> scopes,
        CancellationToken cancellationToken = default);

    /// <summary>Ends a session, and the sockets that rest on it. Repeats are harmless.</summary>
    /// <param name="actor">Who makes the change.</param>
    /// <param name="hash">The hash of its secret.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("end-session")]
    Task EndSessionAsync(string actor, string hash, CancellationToken cancellationToken = default);

    /// <summary>Issues a ticket.</summary>
    /// <param name="handle">The credential that it is asked for with.</param>
    /// <param name="expiresAt">When that credential ends, UTC; null when it does not.</param>
    /// <param name="scopes">What that credential gives.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The ticket, or null when there is no such user.</returns>
    [Alias("issue-ticket")]
    Task<IssuedTicket?> IssueTicketAsync(
        CredentialHandle handle, DateTimeOffset? expiresAt, ImmutableArray<string> scopes,
        CancellationToken cancellationToken = default);
}
