using System.Collections.Immutable;
using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>Who is behind a request or a socket.</summary>
/// <param name="User">The username; empty for the configured administrator, who is no user.</param>
/// <param name="ExpiresAt">When it ends, UTC; null when it does not.</param>
/// <param name="Scopes">Names of <see cref="TokenScopes"/>.</param>
internal sealed record Identity(string User, DateTimeOffset? ExpiresAt, ImmutableArray<string> Scopes)
{
    /// <summary>Nobody: a socket that has not said yet who it is, or a visitor who is not logged in.</summary>
    public static readonly Identity Nobody = new(User: "", ExpiresAt: null, Scopes: []);

    /// <summary>The credential, by which it may end before it expires; null for the configured
    /// administrator.</summary>
    public CredentialHandle? Handle { get; init; }

    /// <summary>Whether this service issued the credential: a token, or what was exchanged for one.</summary>
    public bool IsIssued => Handle is { Kind: CredentialHandle.IssuedKind };

    /// <summary>Who it is for the record of changes.</summary>
    public string Actor => User.Length > 0 ? User : Audit.Actor.Administrator;

    /// <summary>Whether it may manage users.</summary>
    public bool IsAdmin => Has(TokenScopes.Admin);

    /// <summary>Whether it may be used for this.</summary>
    public bool Has(string scope) => Scopes.Contains(scope);
}
