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
    public async Task<IssuedToken?> IssueTokenAsync(
        TimeSpan lifetime, ImmutableArray<string> scopes, CancellationToken cancellationToken)
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
        var ended = TokenRules.EndedByNext(account.Tokens, now, limits.Value.Tokens);
        await RevokeAsync(ended, cancellationToken);

        var secret = TokenRules.CreateSecret();
        var token = TokenRules.CreateRecord(secret, now, lifetime, scopes);
        await WriteAsync(account with { Tokens = [.. account.Tokens.Except(ended), token] }, cancellationToken);
        await GrainFactory.GetGrain<ITokenGrain>(UserKeys.ForToken(token.Hash)).IssueAsync(
            new TokenGrant { User = User, TokenId = token.TokenId, ExpiresAt = token.ExpiresAt, Scopes = token.Scopes },
            cancellationToken);
        return new IssuedToken { Token = secret, Info = TokenRules.Describe(token) };
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<TokenInfo>?> ListTokensAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return Task.FromResult<ImmutableArray<TokenInfo>?>(Account is { } account
            ? [.. account.Tokens.Where(token => token.ExpiresAt > now).Select(TokenRules.Describe)]
            : null);
    }

    /// <inheritdoc/>
    public async Task<bool> RevokeTokenAsync(Guid tokenId, CancellationToken cancellationToken)
    {
        if (Account is not { } account || account.Tokens.FirstOrDefault(t => t.TokenId == tokenId) is not { } token)
        {
            return false;
        }

        await RevokeAsync([token], cancellationToken);
        await WriteAsync(account with { Tokens = account.Tokens.Remove(token) }, cancellationToken);
        return true;
    }

    /// <summary>Hides the user first, so that nothing new is added meanwhile; forgets it last.</summary>
    private async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!stored.State.IsDeleting)
        {
            await WriteAsync(stored.State with { IsDeleting = true }, cancellationToken);
        }

        await RevokeAsync(stored.State.Tokens, cancellationToken);
        await new UserMemberships(chats, streams, GrainFactory).EndAllAsync(User, cancellationToken);
        await stored.ClearStateAsync(cancellationToken);
        stored.State = new UserState();
    }

    private Task RevokeAsync(ImmutableArray<TokenRecord> tokens, CancellationToken cancellationToken) =>
        Task.WhenAll(tokens.Select(token =>
            GrainFactory.GetGrain<ITokenGrain>(UserKeys.ForToken(token.Hash)).RevokeAsync(cancellationToken)));

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
