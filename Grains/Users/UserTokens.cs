using System.Collections.Immutable;
using NewLoom.Audit;
using NewLoom.Grains.Storage;
using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>One user's tokens and sessions: issued and ended, and every change recorded.</summary>
/// <remarks>A change is recorded first (see <see cref="IAuditStore"/>). Then a token is listed with its user before it
/// is valid, and it stays listed until it is revoked, so that a crash in between leaves a token that can be revoked,
/// never one that nobody knows.</remarks>
internal sealed class UserTokens(
    string user, StoredUser stored, LiveTokens live, IAuditStore audit, int limit, TimeProvider time)
{
    /// <summary>Issues a token, or a session when <paramref name="shape"/> makes it one.</summary>
    /// <returns>The token, or null when there is no such user.</returns>
    public async Task<IssuedToken?> IssueAsync(
        string actor, TimeSpan lifetime, ImmutableArray<string> scopes, Func<TokenRecord, TokenRecord> shape,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        if (scopes.IsDefaultOrEmpty || !scopes.All(TokenScopes.IsKnown))
        {
            throw new ArgumentException("At least one scope, and only known ones.", nameof(scopes));
        }

        if (stored.Account is not { } account)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var secret = TokenRules.CreateSecret();
        var next = shape(TokenRules.CreateRecord(secret, now, lifetime, scopes));
        var ended = TokenRules.EndedBy(next, account.Tokens, now, limit);
        await audit.AppendAsync(
        [
            .. Ends(actor, ended, AuditAction.TokenDisplaced, AuditAction.SessionDisplaced),
            ChangeOf(actor, next, AuditAction.TokenIssued, AuditAction.SessionBegun),
        ]);
        await live.EndAsync(ended, cancellationToken);
        await stored.WriteAsync(account with { Tokens = [.. account.Tokens.Except(ended), next] }, cancellationToken);
        await live.ActivateAsync(next, cancellationToken);
        return new IssuedToken { Token = secret, Info = TokenRules.Describe(next) };
    }

    /// <summary>Ends a token or session, and the sessions that it was exchanged for.</summary>
    public async Task EndAsync(string actor, TokenRecord token, CancellationToken cancellationToken)
    {
        var ended = TokenRules.WithSessions([token], stored.State.Tokens);
        await audit.AppendAsync([.. EndsOf(actor, ended)]);
        await live.EndAsync(ended, cancellationToken);
        await stored.WriteAsync(
            stored.State with { Tokens = [.. stored.State.Tokens.Except(ended)] }, cancellationToken);
    }

    /// <summary>What is to be recorded when these are ended for good. Those that have expired end nobody's
    /// access.</summary>
    public IEnumerable<AuditChange> EndsOf(string actor, IEnumerable<TokenRecord> tokens) =>
        Ends(actor, tokens, AuditAction.TokenRevoked, AuditAction.SessionEnded);

    private IEnumerable<AuditChange> Ends(
        string actor, IEnumerable<TokenRecord> tokens, string ofToken, string ofSession)
    {
        var now = time.GetUtcNow();
        return tokens.Where(token => token.ExpiresAt > now).Select(token => ChangeOf(actor, token, ofToken, ofSession));
    }

    private AuditChange ChangeOf(string actor, TokenRecord token, string ofToken, string ofSession) =>
        new(actor, token.IsSession ? ofSession : ofToken, user) { TokenId = token.TokenId };
}
