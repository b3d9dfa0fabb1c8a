using System.Collections.Immutable;

namespace NewLoom.Grains.Users;

/// <summary>A user as it is stored.</summary>
[GenerateSerializer, Alias("newloom.user.state")]
public sealed record UserState
{
    /// <summary>When the user was created, UTC; null when there is none.</summary>
    [Id(0)] public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Whether a deletion has begun: nobody sees the user any more, and only a deletion may go on.</summary>
    [Id(1)] public bool IsDeleting { get; init; }

    /// <summary>Tokens and sessions, oldest first; expired ones stay until the next one is issued.</summary>
    [Id(2)] public ImmutableArray<TokenRecord> Tokens { get; init; } = [];
}

/// <summary>A token as its user knows it.</summary>
[GenerateSerializer, Immutable, Alias("newloom.user.state.token")]
public sealed record TokenRecord
{
    /// <summary>Names the token without being one.</summary>
    [Id(0)] public required Guid TokenId { get; init; }

    /// <summary>SHA-256 of the token, lower-case hexadecimal.</summary>
    [Id(1)] public required string Hash { get; init; }

    /// <summary>When it was issued, UTC.</summary>
    [Id(2)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops being valid, UTC.</summary>
    [Id(3)] public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Names of <see cref="NewLoom.Users.TokenScopes"/>.</summary>
    [Id(4)] public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>Whether it is a browser's session: not listed, and counted apart.</summary>
    [Id(5)] public bool IsSession { get; init; }

    /// <summary>Of a session: the hash of the token that it was exchanged for and ends with; null when there is
    /// none.</summary>
    [Id(6)] public string? ParentHash { get; init; }
}
