namespace NewLoom.Users;

/// <summary>A new token, shown this once: only its hash is kept.</summary>
[GenerateSerializer, Immutable, Alias("newloom.token.issued")]
public sealed record IssuedToken
{
    /// <summary>The secret: 43 characters of base64url, 256 random bits.</summary>
    [Id(0)] public required string Token { get; init; }

    /// <summary>What may be shown of it.</summary>
    [Id(1)] public required TokenInfo Info { get; init; }

    /// <summary>Leaves the secret out of logs.</summary>
    public override string ToString() => Info.ToString();
}
