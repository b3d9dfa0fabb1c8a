using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>A token as it is stored, under its hash.</summary>
[GenerateSerializer, Alias("newloom.token.state")]
public sealed record TokenState
{
    /// <summary>What the token gives; null when it is unknown or revoked.</summary>
    [Id(0)] public TokenGrant? Grant { get; init; }
}
