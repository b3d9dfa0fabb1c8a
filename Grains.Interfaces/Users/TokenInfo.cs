using System.Collections.Immutable;

namespace NewLoom.Users;

/// <summary>A token as it may be shown: everything but the token.</summary>
[GenerateSerializer, Immutable, Alias("newloom.token.info")]
public sealed record TokenInfo
{
    /// <summary>Names the token without being one.</summary>
    [Id(0)] public required Guid TokenId { get; init; }

    /// <summary>When it was issued, UTC.</summary>
    [Id(1)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops being valid, UTC.</summary>
    [Id(2)] public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What it may be used for: names of <see cref="TokenScopes"/>.</summary>
    [Id(3)] public required ImmutableArray<string> Scopes { get; init; }
}
