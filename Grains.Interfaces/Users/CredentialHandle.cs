namespace NewLoom.Users;

/// <summary>By which a credential can be asked again whether it still holds, and be ended.</summary>
[GenerateSerializer, Immutable, Alias("newloom.credential.handle")]
public sealed record CredentialHandle
{
    /// <summary>The kind of a credential that this service issued; its <see cref="Value"/> is the hash.</summary>
    public const string IssuedKind = "issued";

    /// <summary>The kind of a credential that only time and the user's end end; its <see cref="Value"/> is the
    /// username.</summary>
    public const string UserKind = "user";

    /// <summary>Which kind of credential it is: who can be asked.</summary>
    [Id(0)] public required string Kind { get; init; }

    /// <summary>Which one of its kind. For kinds from elsewhere it may be a secret: it is kept in memory alone, and never
    /// logged.</summary>
    [Id(1)] public required string Value { get; init; }

    /// <summary>The handle of a credential that this service issued.</summary>
    /// <param name="hash">What <see cref="TokenHash"/> makes of it.</param>
    public static CredentialHandle OfIssued(string hash) => new() { Kind = IssuedKind, Value = hash };

    /// <summary>The handle of a credential that ends with its user.</summary>
    public static CredentialHandle OfUser(string user) => new() { Kind = UserKind, Value = user };

    /// <summary>Leaves the value out of logs.</summary>
    public override string ToString() => $"{nameof(CredentialHandle)} {Kind}";
}
