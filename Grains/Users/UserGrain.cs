using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using NewLoom.Grains.Storage;
using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>One user's account: whether it exists and which tokens it has.</summary>
/// <remarks>A token is listed here before it is valid and stays listed until it is revoked, so that a crash in between
/// leaves a token that can be revoked, never one that nobody knows.</remarks>
internal sealed class UserGrain(
    [PersistentState("user")] IPersistentState<UserState> stored,
    IChatStore chats,
    IStreamStore streams,
    IOptions<UserLimits> limits,
    TimeProvider time) : Grain, IUserGrain
{
    private string User => UserKeys.UserOf(this.GetPrimaryKeyString());

    private UserTokens Tokens => new(User, GrainFactory);

    private UserState? Account => stored.State is { CreatedAt: not null, IsDeleting: false } state ? state : null;

    /// <inheritdoc/>
    public async Task<bool> CreateAsync(CancellationToken cancellationToken)
    {
        if (!Username.IsValid(User))
        {
            throw new InvalidOperationException("The grain's key holds no username.");
        }

        if (Account is not null)
        {
            return false;
        }

        if (stored.State.IsDeleting)
        {
            await EndAsync(cancellationToken);
        }

        await WriteAsync(new UserState { CreatedAt = time.GetUtcNow().ToWholeMilliseconds() }, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> GetCreatedAtAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Account?.CreatedAt);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(CancellationToken cancellationToken)
    {
        if (stored.State.CreatedAt is null)
        {
            return false;
        }

        await EndAsync(cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public Task<IssuedToken?> IssueTokenAsync(
        TimeSpan lifetime, ImmutableArray<string> scopes, CancellationToken cancellationToken) =>
        IssueAsync(lifetime, scopes, token => token, cancellationToken);

    /// <inheritdoc/>
    public async Task<IssuedToken?> BeginSessionAsync(
        string? parentHash, TimeSpan lifetime, ImmutableArray<string> scopes, CancellationToken cancellationToken) =>
        parentHash is null || Account is { } account && account.Tokens.Any(token => !token.IsSession && token.Hash == parentHash)
            ? await IssueAsync(
                lifetime, scopes, token => token with { IsSession = true, ParentHash = parentHash }, cancellationToken)
            : null;

    /// <inheritdoc/>
    public async Task EndSessionAsync(string hash, CancellationToken cancellationToken)
    {
        if (Account?.Tokens.FirstOrDefault(token => token.IsSession && token.Hash == hash) is { } session)
        {
            await EndAsync(session, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<IssuedTicket?> IssueTicketAsync(
        CredentialHandle? handle, DateTimeOffset? expiresAt, ImmutableArray<string> scopes,
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
    public async Task<bool> RevokeTokenAsync(Guid tokenId, CancellationToken cancellationToken)
    {
        if (Account?.Tokens.FirstOrDefault(token => token.TokenId == tokenId) is not { } found)
        {
            return false;
        }

        await EndAsync(found, cancellationToken);
        return true;
    }

    private async Task<IssuedToken?> IssueAsync(
        TimeSpan lifetime, ImmutableArray<string> scopes, Func<TokenRecord, TokenRecord> shape,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        if (scopes.IsDefaultOrEmpty || !scopes.All(TokenScopes.IsKnown))
        {
            throw new ArgumentException("At least one scope, and only known ones.", nameof(scopes));
        }

        if (Account is not { } account)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var secret = TokenRules.CreateSecret();
        var next = shape(TokenRules.CreateRecord(secret, now, lifetime, scopes));
        var ended = TokenRules.EndedBy(next, account.Tokens, now, limits.Value.Tokens);
        await Tokens.EndAsync(ended, cancellationToken);
        await WriteAsync(account with { Tokens = [.. account.Tokens.Except(ended), next] }, cancellationToken);
        await Tokens.ActivateAsync(next, cancellationToken);
        return new IssuedToken { Token = secret, Info = TokenRules.Describe(next) };
    }

    private async Task EndAsync(TokenRecord token, CancellationToken cancellationToken)
    {
        var ended = TokenRules.WithSessions([token], stored.State.Tokens);
        await Tokens.EndAsync(ended, cancellationToken);
        await WriteAsync(
            stored.State with { Tokens = [.. stored.State.Tokens.Except(ended)] }, cancellationToken);
    }

    /// <summary>Hides the user first, so that nothing new is added meanwhile; forgets it last.</summary>
    private async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!stored.State.IsDeleting)
        {
            await WriteAsync(stored.State with { IsDeleting = true }, cancellationToken);
        }

        await Tokens.EndAsync(stored.State.Tokens, cancellationToken);
        await Tokens.EndSocketsAsync();
        await new UserMemberships(chats, streams, GrainFactory).EndAllAsync(User, cancellationToken);
        await stored.ClearStateAsync(cancellationToken);
        stored.State = new UserState();
    }

    private async Task WriteAsync(UserState after, CancellationToken cancellationToken)
    {
        var before = stored.State;
        stored.State = after;
        try
        {
            await stored.WriteStateAsync(cancellationToken);
        }
        catch
        {
            stored.State = before;    // memory must not run ahead of storage
            throw;
        }
    }
}
