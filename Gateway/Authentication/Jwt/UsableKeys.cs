using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace NewLoom.Gateway.Authentication.Jwt;

/// <summary>Tells keys that are strong enough for one of the algorithms that are accepted from the rest of a
/// set.</summary>
internal static class UsableKeys
{
    /// <summary>Source: RFC 7518 §3.2.</summary>
    public const int SecretBitsMin = 256;

    /// <summary>Source: RFC 7518 §3.3.</summary>
    public const int RsaBitsMin = 2_048;

    private const string P256 = "1.2.840.10045.3.1.7";    // RFC 5480 §2.1.1.1

    /// <summary>Whether tokens may be signed with the key.</summary>
    public static bool Has(SecurityKey key) => key switch
    {
        SymmetricSecurityKey => key.KeySize >= SecretBitsMin,
        RsaSecurityKey => key.KeySize >= RsaBitsMin,
        ECDsaSecurityKey ec => IsP256(ec.ECDsa),
        X509SecurityKey certificate => certificate.PublicKey switch
        {
            RSA rsa => rsa.KeySize >= RsaBitsMin,
            ECDsa ec => IsP256(ec),
            _ => false,
        },
        _ => false,
    };

    private static bool IsP256(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256;
}
