namespace NewLoom.Gateways;

/// <summary>One of the keys with which gateways protect what they give to browsers.</summary>
[GenerateSerializer, Immutable, Alias("newloom.data-protection-key")]
public sealed record DataProtectionKey
{
    /// <summary>The key as ASP.NET Core's data protection writes it: XML, with the secret.</summary>
    [Id(0)] public required string Xml { get; init; }

    /// <summary>Leaves the secret out of logs.</summary>
    public override string ToString() => nameof(DataProtectionKey);
}
