using System.Collections.Immutable;

namespace NewLoom.Users;

/// <summary>What a valid token gives its bearer.</summary>
[GenerateSerializer, Immutable, Alias("newloom.token.grant")]
public sealed record TokenGrant
{
    /// <summary>Who the bearer is.</summary>
    [Id(0)] public required string User { get; init; }

    /// <summary>Names the token without being one.</summary>
    [Id(1)] public required Guid TokenId { get; init; }

    /// <summary>When it stops being valid, UTC.</summary>
    [Id(2)] public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Names of <see cref="TokenScopes"/>.</summary>
    [Id(3)] public required ImmutableArray<string> Scopes { get; init; }
}
