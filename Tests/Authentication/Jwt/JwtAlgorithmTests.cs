using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NewLoom.Tests.Users;

namespace NewLoom.Tests.Authentication.Jwt;

/// <summary>A token passes only by the signature of a key that was configured, in the algorithm of that key.</summary>
public sealed class JwtAlgorithmTests(UsersCluster cluster) : JwtTests(cluster)
{
    private const string SecretKey = "Keys:0:Secret";
    private const string PublicKey = "Keys:0:PublicKey";

    [Fact]
    public async Task Token_Passes_InEachAlgorithm()
    {
        await AssertPassesAsync(Verifier((PublicKey, Forge.RsaPem)), Forge.Rs256(Claims()));
        await AssertPassesAsync(Verifier((PublicKey, Forge.EcPem)), Forge.Es256(Claims()));
        await AssertPassesAsync(Verifier((SecretKey, JwtForge.Secret)), JwtForge.Hs256(Claims()));
    }

    [Fact]
    public async Task Token_Passes_WithAnyOfSeveralKeys()
    {
        var verifier = Verifier(
            (SecretKey, JwtForge.Secret), ("Keys:1:PublicKey", Forge.RsaPem), ("Keys:2:PublicKey", Forge.EcPem));

        await AssertPassesAsync(verifier, Forge.Rs256(Claims()));
        await AssertPassesAsync(verifier, Forge.Rs256(Claims(), keyId: "a name that the service does not know"));
        await AssertPassesAsync(verifier, Forge.Es256(Claims()));
        await AssertPassesAsync(verifier, JwtForge.Hs256(Claims()));
    }

    [Fact]
    public async Task Token_Fails_WhenAnotherKeySigned()
    {
        using var other = new JwtForge();
        var verifier = Verifier(
            (SecretKey, JwtForge.Secret), ("Keys:1:PublicKey", Forge.RsaPem), ("Keys:2:PublicKey", Forge.EcPem));

        await AssertFailsAsync(verifier, other.Rs256(Claims()));
        await AssertFailsAsync(verifier, other.Es256(Claims()));
        await AssertFailsAsync(verifier, JwtForge.Hs256(Claims(), "a secret that nobody shares with the service"));
    }

    [Fact]
    public async Task Token_Fails_WhenItsClaimsWereChanged()
    {
        var good = Forge.Rs256(Claims(("sub", "somebody-else"))).Split('.');
        var mine = Forge.Rs256(Claims()).Split('.');

        await AssertFailsAsync(Verifier((PublicKey, Forge.RsaPem)), $"{good[0]}.{mine[1]}.{good[2]}");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("")]
    public async Task Token_Fails_WithoutASignature(string algorithm)
    {
        var token = JwtForge.Sign(algorithm, Claims(), null, _ => []);

        await AssertFailsAsync(Verifier((PublicKey, Forge.RsaPem)), token);
        await AssertFailsAsync(Verifier((SecretKey, JwtForge.Secret)), token);
    }

    [Fact]
    public async Task Token_Fails_WhenThePublicKeyIsUsedAsASecret()
    {
        // What a verifier falls for that lets the token choose the algorithm.
        string[] secrets = [Forge.RsaPem, Forge.RsaPem.Trim(), Forge.RsaPem + "\n"];
        byte[][] keys = [.. secrets.Select(Encoding.UTF8.GetBytes), Forge.Rsa.ExportSubjectPublicKeyInfo()];
        foreach (var key in keys)
        {
            var token = JwtForge.Sign("HS256", Claims(), null, data => HMACSHA256.HashData(key, data));
            await AssertFailsAsync(Verifier((PublicKey, Forge.RsaPem)), token);
            await AssertFailsAsync(Verifier((PublicKey, Forge.RsaPem), ("Keys:1:Secret", JwtForge.Secret)), token);
        }
    }

    [Fact]
    public async Task Token_Fails_WhenItsAlgorithmIsNotTheKeys()
    {
        var verifier = Verifier(
            (SecretKey, JwtForge.Secret), ("Keys:1:PublicKey", Forge.RsaPem), ("Keys:2:PublicKey", Forge.EcPem));

        await AssertFailsAsync(verifier, JwtForge.Sign("ES256", Claims(), null, Forge.RsaSignature));
        await AssertFailsAsync(verifier, JwtForge.Sign("RS256", Claims(), null, Forge.EcSignature));
        await AssertFailsAsync(verifier, JwtForge.Sign("HS256", Claims(), null, Forge.RsaSignature));
    }

    [Fact]
    public async Task Token_Fails_InAnAlgorithmThatIsNotAccepted_ThoughTheKeyCouldDoIt()
    {
        var verifier = Verifier((SecretKey, new string('s', 64)), ("Keys:1:PublicKey", Forge.RsaPem));

        await AssertFailsAsync(verifier, JwtForge.Sign("RS512", Claims(), null, data =>
            Forge.Rsa.SignData(data, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1)));
        await AssertFailsAsync(verifier, JwtForge.Sign("PS256", Claims(), null, data =>
            Forge.Rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
        await AssertFailsAsync(verifier, JwtForge.Sign("HS512", Claims(), null, data =>
            HMACSHA512.HashData(Encoding.UTF8.GetBytes(new string('s', 64)), data)));
    }

    [Theory]
    [InlineData("""{"alg":"RS256","crit":["exp"]}""")]
    [InlineData("""{"alg":"RS256","crit":["b64"],"b64":false}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":5}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"alg":["RS256"]}""")]
    public async Task Token_Fails_WhenItsHeaderAsksForMoreOrLess(string header)
    {
        var token = JwtForge.Sign(
            JsonNode.Parse(header)!.AsObject(), Claims().ToJsonString(), Forge.RsaSignature);

        await AssertFailsAsync(Verifier((PublicKey, Forge.RsaPem)), token);
    }

    [Fact]
    public async Task Token_Fails_WhenItBringsItsOwnKey()
    {
        using var other = new JwtForge();
        var jwk = JsonNode.Parse(other.RsaKeySet())!["keys"]![0]!;
        var header = new JsonObject { ["alg"] = "RS256", ["jwk"] = jwk.DeepClone() };

        await AssertFailsAsync(
            Verifier((PublicKey, Forge.RsaPem)),
            JwtForge.Sign(header, Claims().ToJsonString(), other.RsaSignature));
    }

    [Fact]
    public async Task Token_Fails_WhenNothingIsConfigured() => await AssertFailsAsync(Verifier(), Forge.Rs256(Claims()));
}
