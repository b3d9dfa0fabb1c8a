using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using NewLoom.Audit;
using NewLoom.Grains.Storage;
using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>One user's account: whether it exists and which tokens it has.</summary>
internal sealed class UserGrain(
    [PersistentState("user")] IPersistentState<UserState> state,
    IChatStore chats,
    IStreamStore streams,
    IAuditStore audit,
    IOptions<UserLimits> limits,
    TimeProvider time) : Grain, IUserGrain
{
    private readonly StoredUser _stored = new(state);

    private string User => UserKeys.UserOf(this.GetPrimaryKeyString());

    private UserState? Account => _stored.Account;

    private LiveTokens Live => new(User, GrainFactory);

    private UserTokens Tokens => new(User, _stored, Live, audit, limits.Value.Tokens, time);

    /// <inheritdoc/>
    public async Task<bool> CreateAsync(string actor, CancellationToken cancellationToken)
    {
        if (!Username.IsValid(User))
        {
            throw new InvalidOperationException("The grain's key holds no username.");
        }

        if (Account is not null)
        {
            return false;
        }

        if (_stored.State.IsDeleting)
        {
            await EndAsync(actor, cancellationToken);
        }

        await audit.AppendAsync([new AuditChange(actor, AuditAction.UserCreated, User)]);
        await _stored.WriteAsync(
            new UserState { CreatedAt = time.GetUtcNow().ToWholeMilliseconds() }, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> GetCreatedAtAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Account?.CreatedAt);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string actor, CancellationToken cancellationToken)
    {
        if (_stored.State.CreatedAt is null)
        {
            return false;
        }

        await EndAsync(actor, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public Task<IssuedToken?> IssueTokenAsync(
        string actor, TimeSpan lifetime, ImmutableArray<string> scopes, CancellationToken cancellationToken) =>
        Tokens.IssueAsync(actor, lifetime, scopes, token => token, cancellationToken);

    /// <inheritdoc/>
    public async Task<IssuedToken?> BeginSessionAsync(
        string actor, string? parentHash, TimeSpan lifetime, ImmutableArray<string> scopes,
        CancellationToken cancellationToken) =>
        parentHash is null
        || Account is { } account && account.Tokens.Any(token => !token.IsSession && token.Hash == parentHash)
            ? await Tokens.IssueAsync(
                actor, lifetime, scopes, token => token with { IsSession = true, ParentHash = parentHash },
                cancellationToken)
            : null;

    /// <inheritdoc/>
    public async Task EndSessionAsync(string actor, string hash, CancellationToken cancellationToken)
    {
        if (Account?.Tokens.FirstOrDefault(token => token.IsSession && token.Hash == hash) is { } session)
        {
            await Tokens.EndAsync(actor, session, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<IssuedTicket?> IssueTicketAsync(
        CredentialHandle handle, DateTimeOffset? expiresAt, ImmutableArray<string> scopes,
        CancellationToken cancellationToken)
    {
        if (Account is null)
        {
            return null;
        }

        var secret = TokenRules.CreateSecret();
        await GrainFactory.GetGrain<ITicketGrain>(UserKeys.ForTicket(TokenHash.Of(secret))).IssueAsync(
            new TicketGrant { User = User, ExpiresAt = expiresAt, Scopes = scopes, Handle = handle }, cancellationToken);
        return new IssuedTicket
        {
            Ticket = secret,
            ExpiresAt = time.GetUtcNow().ToWholeMilliseconds() + IssuedTicket.Lifetime,
        };
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<TokenInfo>?> ListTokensAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return Task.FromResult<ImmutableArray<TokenInfo>?>(Account is { } account
            ? [.. account.Tokens.Where(token => !token.IsSession && token.ExpiresAt > now).Select(TokenRules.Describe)]
            : null);
    }

    /// <inheritdoc/>
    public async Task<bool> RevokeTokenAsync(string actor, Guid tokenId, CancellationToken cancellationToken)
    {
        if (Account?.Tokens.FirstOrDefault(token => token.TokenId == tokenId) is not { } found)
        {
            return false;
        }

        await Tokens.EndAsync(actor, found, cancellationToken);
        return true;
    }

    /// <summary>Hides the user first, so that nothing new is added meanwhile; forgets it last.</summary>
    private async Task EndAsync(string actor, CancellationToken cancellationToken)
    {
        var account = _stored.State;
        if (!account.IsDeleting)
        {
            await audit.AppendAsync(
                [new AuditChange(actor, AuditAction.UserDeleted, User), .. Tokens.EndsOf(actor, account.Tokens)]);
            await _stored.WriteAsync(account with { IsDeleting = true }, cancellationToken);
        }

        await Live.EndAsync(account.Tokens, cancellationToken);
        await Live.EndSocketsAsync();
        await new UserMemberships(chats, streams, GrainFactory).EndAllAsync(actor, User, cancellationToken);
        await _stored.ClearAsync(cancellationToken);
    }
}
