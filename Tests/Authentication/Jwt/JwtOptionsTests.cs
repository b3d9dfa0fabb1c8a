using System.Security.Cryptography;
using NewLoom.Gateway.Authentication.Jwt;

namespace NewLoom.Tests.Authentication.Jwt;

/// <summary>A configuration that would be unsafe, or would let nobody in, stops the start.</summary>
public sealed class JwtOptionsTests
{
    private static readonly JwtKeyOptions Secret = new() { Secret = JwtForge.Secret };

    [Fact]
    public void Options_AreValid_WhenComplete()
    {
        using var forge = new JwtForge();
        Assert.Null(ProblemsOf(new JwtOptions()));
        Assert.Null(ProblemsOf(new JwtOptions { Keys = [Secret] }));
        Assert.Null(ProblemsOf(new JwtOptions
        {
            Keys = [Secret, new() { PublicKey = forge.RsaPem }, new() { PublicKey = forge.EcPem }],
            Issuer = "https://issuer.example",
            Audience = "newloom",
        }));
        Assert.Null(ProblemsOf(new JwtOptions { Authority = "https://issuer.example/realm", Audience = "newloom" }));
        Assert.Null(ProblemsOf(new JwtOptions { Authority = "http://localhost:9000", Audience = "newloom" }));
        Assert.Null(ProblemsOf(new JwtOptions { Authority = "http://[::1]:9000", Audience = "newloom" }));
    }

    [Theory]
    [InlineData("http://issuer.example")]
    [InlineData("issuer.example")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("https://user:password@issuer.example")]
    [InlineData("https://issuer.example?realm=1")]
    public void Authority_IsRefused_WhenItIsNoSafeAddress(string authority) => Assert.StartsWith(
        "Authority must be an https address", ProblemsOf(new JwtOptions { Authority = authority, Audience = "newloom" }));

    [Fact]
    public void Options_AreRefused_WhenOneIsMissingOrTooMany()
    {
        Assert.StartsWith("Audience must be set", ProblemsOf(new JwtOptions { Authority = "https://issuer.example" }));
        Assert.StartsWith("Issuer needs one of", ProblemsOf(new JwtOptions { Issuer = "https://issuer.example" }));
        Assert.StartsWith("Audience needs one of", ProblemsOf(new JwtOptions { Audience = "newloom" }));
        Assert.StartsWith("Audience must hold a value", ProblemsOf(new JwtOptions { Keys = [Secret], Audience = " " }));
        Assert.StartsWith(
            "Authority, JwksFile and Keys exclude each other",
            ProblemsOf(new JwtOptions { Authority = "https://issuer.example", Audience = "newloom", Keys = [Secret] }));
    }

    [Fact]
    public void Key_IsRefused_WhenItIsWeak()
    {
        using var rsa = RSA.Create(1_024);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        Assert.Equal(
            "Keys:1:Secret must have at least 32 bytes.",
            ProblemsOf(new JwtOptions { Keys = [Secret, new() { Secret = new string('s', 31) }] }));
        Assert.Null(ProblemsOf(new JwtOptions { Keys = [new() { Secret = new string('é', 16) }] }));
        Assert.StartsWith("Keys:0:PublicKey must be RSA of", ProblemOf(rsa.ExportSubjectPublicKeyInfoPem()));
        Assert.StartsWith("Keys:0:PublicKey must be RSA of", ProblemOf(ec.ExportSubjectPublicKeyInfoPem()));
        Assert.StartsWith("Keys:0:PublicKey must be RSA of", ProblemOf(brainpool.ExportSubjectPublicKeyInfoPem()));
    }

    [Fact]
    public void Key_IsRefusedWithoutBeingShown_WhenItIsPrivateOrNone()
    {
        using var forge = new JwtForge();
        Assert.StartsWith("Keys:0:PublicKey holds a private key", ProblemOf(forge.Rsa.ExportPkcs8PrivateKeyPem()));
        Assert.StartsWith("Keys:0:PublicKey holds a private key", ProblemOf(forge.Ec.ExportECPrivateKeyPem()));
        Assert.Equal("Keys:0:PublicKey must be a public RSA or EC key in PEM.", ProblemOf("not-a-key"));
        Assert.StartsWith("Keys:0:Secret or PublicKey", ProblemsOf(new JwtOptions { Keys = [new()] }));
        Assert.StartsWith(
            "Keys:0:Secret and PublicKey exclude",
            ProblemsOf(new JwtOptions { Keys = [new() { Secret = JwtForge.Secret, PublicKey = forge.RsaPem }] }));
    }

    [Theory]
    [InlineData("/no/such/file", "cannot be read")]
    [InlineData("/", "cannot be read")]
    [InlineData("/proc/self/status", "must be a JWK set")]
    public void JwksFile_IsRefused_WhenItHoldsNoKeys(string path, string reason) =>
        Assert.StartsWith($"JwksFile {path} {reason}", ProblemsOf(new JwtOptions { JwksFile = path }));

    [Fact]
    public async Task JwksFile_IsRefused_WhenItsKeysAreWeak()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, JwtForge.SecretKeySet("short"), TestContext.Current.CancellationToken);
        try
        {
            Assert.Equal(
                $"JwksFile {path} must hold a key for RS256, ES256 or HS256.",
                ProblemsOf(new JwtOptions { JwksFile = path }));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string? ProblemOf(string publicKey) =>
        ProblemsOf(new JwtOptions { Keys = [new() { PublicKey = publicKey }] });

    private static string? ProblemsOf(JwtOptions options) =>
        new JwtOptionsValidator().Validate(null, options).FailureMessage;
}
