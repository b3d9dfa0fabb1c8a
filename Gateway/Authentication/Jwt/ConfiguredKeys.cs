using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace NewLoom.Gateway.Authentication.Jwt;

/// <summary>Makes keys of what an operator has written. The kind of a key decides its algorithm, so that no token can
/// choose another.</summary>
internal static class ConfiguredKeys
{
    /// <summary>What is wrong with the key, beginning with the property's name; null when it can be used.</summary>
    /// <remarks>Never holds any of the key.</remarks>
    public static string? FindProblem(JwtKeyOptions key) => key switch
    {
        { Secret: null, PublicKey: null } => "Secret or PublicKey must be set.",
        { Secret: not null, PublicKey: not null } => "Secret and PublicKey exclude each other: each key is one of them.",
        { Secret: { } secret } => Encoding.UTF8.GetByteCount(secret) * 8 < UsableKeys.SecretBitsMin
            ? $"Secret must have at least {UsableKeys.SecretBitsMin / 8} bytes."
            : null,
        { PublicKey: { } pem } => pem.Contains("PRIVATE KEY", StringComparison.Ordinal)
            ? "PublicKey holds a private key, which belongs to the issuer alone."
            : ReadPublicKey(pem) is not { } read ? "PublicKey must be a public RSA or EC key in PEM."
            : UsableKeys.Has(read) ? null
            : $"PublicKey must be RSA of at least {UsableKeys.RsaBitsMin} bits, or of the curve P-256.",
    };

    /// <summary>The key, if <see cref="FindProblem"/> finds nothing.</summary>
    public static SecurityKey Read(JwtKeyOptions key) => key.Secret is { } secret
        ? new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret))
        : ReadPublicKey(key.PublicKey!)!;

    private static AsymmetricSecurityKey? ReadPublicKey(string pem)
    {
        var rsa = RSA.Create();
        if (IsImported(rsa, pem))
        {
            return new RsaSecurityKey(rsa);
        }

        rsa.Dispose();
        var ecdsa = ECDsa.Create();
        if (IsImported(ecdsa, pem))
        {
            return new ECDsaSecurityKey(ecdsa);
        }

        ecdsa.Dispose();
        return null;
    }

    private static bool IsImported(AsymmetricAlgorithm key, string pem)
    {
        try
        {
            key.ImportFromPem(pem);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;    // of another kind, or no PEM at all
        }
    }
}
