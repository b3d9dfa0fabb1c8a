using NewLoom.Users;

namespace NewLoom.Gateway.Api;

/// <summary>A user to create.</summary>
/// <param name="Username">1 to 150 of letters, digits and <c>@ . + - _</c>.</param>
internal sealed record NewUserBody(string? Username);

/// <summary>A user.</summary>
internal sealed record UserBody(string Username, DateTimeOffset CreatedAt);

/// <summary>A token to issue.</summary>
/// <param name="ExpiresIn">Lifetime in seconds, 1 to 315,360,000. (default: 2,592,000, which is 30 days)</param>
/// <param name="Scopes">What it may be used for. (default: all that the caller may give but <c>admin</c>)</param>
internal sealed record NewTokenBody(long? ExpiresIn, string[]? Scopes);

/// <summary>A new token, shown this once.</summary>
internal sealed record IssuedTokenBody(
    string Token, Guid TokenId, DateTimeOffset ExpiresAt, IReadOnlyList<string> Scopes)
{
    /// <summary>Leaves the secret out of logs.</summary>
    public override string ToString() => $"{nameof(IssuedTokenBody)} {TokenId}";
}

/// <summary>A token as it may be shown.</summary>
internal sealed record TokenBody(
    Guid TokenId, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, IReadOnlyList<string> Scopes)
{
    public static TokenBody Of(TokenInfo token) => new(token.TokenId, token.CreatedAt, token.ExpiresAt, token.Scopes);
}

/// <summary>Valid tokens, oldest first.</summary>
internal sealed record TokensBody(IReadOnlyList<TokenBody> Tokens, bool HasMore);
