namespace NewLoom.Users;

/// <summary>One token. The key is <see cref="UserKeys.ForToken"/> of its hash.</summary>
[Alias("newloom.token")]
public interface ITokenGrain : IGrainWithStringKey
{
    /// <summary>What the token gives its bearer, or null when it is unknown, expired or revoked.</summary>
    [Alias("check")]
    Task<TokenGrant?> CheckAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes the token valid. Only the user's own grain calls this.</summary>
    [Alias("issue")]
    Task IssueAsync(TokenGrant grant, CancellationToken cancellationToken = default);

    /// <summary>Ends the token for good. Repeats are harmless.</summary>
    [Alias("revoke")]
    Task RevokeAsync(CancellationToken cancellationToken = default);
}
