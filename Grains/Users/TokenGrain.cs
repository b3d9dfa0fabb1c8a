using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>One token: what it gives, until it expires or is revoked.</summary>
/// <remarks>Anybody may present any text as a token, so an activation that knows nothing leaves at once. One that knows
/// something leaves soon: sockets ask again for as long as they are open, and ten thousand of them should not keep ten
/// thousand activations.</remarks>
[CollectionAgeLimit(Minutes = 2)]
internal sealed class TokenGrain(
    [PersistentState("token")] IPersistentState<TokenState> stored, TimeProvider time) : Grain, ITokenGrain
{
    /// <inheritdoc/>
    public async Task<TokenGrant?> CheckAsync(CancellationToken cancellationToken)
    {
        if (stored.State.Grant is not { } grant)
        {
            DeactivateOnIdle();
            return null;
        }

        if (grant.ExpiresAt <= time.GetUtcNow())
        {
            await RevokeAsync(cancellationToken);
            return null;
        }

        return grant;
    }

    /// <inheritdoc/>
    public async Task IssueAsync(TokenGrant grant, CancellationToken cancellationToken)
    {
        var before = stored.State;
        stored.State = new TokenState { Grant = grant };
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

    /// <inheritdoc/>
    public async Task RevokeAsync(CancellationToken cancellationToken)
    {
        if (stored.State.Grant is not null)
        {
            await stored.ClearStateAsync(cancellationToken);
            stored.State = new TokenState();
        }

        DeactivateOnIdle();
    }
}
