using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace NewLoom.Tests.Authentication.Jwt;

/// <summary>Makes JSON Web Tokens, good ones and bad ones, with keys of its own, and without the library that reads
/// them.</summary>
public sealed class JwtForge : IDisposable
{
    public const string Secret = "a secret that the issuer shares with the service";

    public RSA Rsa { get; } = RSA.Create(2_048);

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string RsaPem => Rsa.ExportSubjectPublicKeyInfoPem();

    public string EcPem => Ec.ExportSubjectPublicKeyInfoPem();

    /// <summary>The claims of a good token, to be spoiled.</summary>
    public static JsonObject Claims(string user, DateTimeOffset expiresAt) =>
        new() { ["sub"] = user, ["exp"] = expiresAt.ToUnixTimeSeconds() };

    public string Rs256(JsonNode claims, string? keyId = null) => Sign("RS256", claims, keyId, RsaSignature);

    public string Es256(JsonNode claims) => Sign("ES256", claims, null, EcSignature);

    public static string Hs256(JsonNode claims, string secret = Secret) =>
        Sign("HS256", claims, null, data => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), data));

    public byte[] RsaSignature(byte[] data) => Rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public byte[] EcSignature(byte[] data) => Ec.SignData(data, HashAlgorithmName.SHA256);

    /// <summary>A token that says one algorithm and is signed however the caller likes.</summary>
    public static string Sign(string algorithm, JsonNode claims, string? keyId, Func<byte[], byte[]> signature)
    {
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (keyId is not null)
        {
            header["kid"] = keyId;
        }

        return Sign(header, claims.ToJsonString(), signature);
    }

    public static string Sign(JsonObject header, string claims, Func<byte[], byte[]> signature)
    {
        var signed = $"{Encode(header.ToJsonString())}.{Encode(claims)}";
        return $"{signed}.{Base64UrlEncoder.Encode(signature(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>A JWK set with the RSA key alone.</summary>
    public string RsaKeySet(string? keyId = null)
    {
        var key = Rsa.ExportParameters(false);
        return KeySet(new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = keyId,
            ["n"] = Base64UrlEncoder.Encode(key.Modulus),
            ["e"] = Base64UrlEncoder.Encode(key.Exponent),
        });
    }

    /// <summary>A JWK set with the EC key alone.</summary>
    public string EcKeySet()
    {
        var key = Ec.ExportParameters(false);
        return KeySet(new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64UrlEncoder.Encode(key.Q.X),
            ["y"] = Base64UrlEncoder.Encode(key.Q.Y),
        });
    }

    /// <summary>A JWK set with secrets alone.</summary>
    public static string SecretKeySet(params string[] secrets) =>
        KeySet([.. secrets.Select(secret => new JsonObject { ["kty"] = "oct", ["k"] = Encode(secret) })]);

    public void Dispose()
    {
        Rsa.Dispose();
        Ec.Dispose();
    }

    private static string KeySet(params JsonObject[] keys) =>
        new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString();

    private static string Encode(string text) => Base64UrlEncoder.Encode(text);
}
