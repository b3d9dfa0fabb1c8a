using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using NewLoom.Gateway.Authentication.Django;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>Signatures, against what the real Django signed: <c>vectors.json</c> names its version, and
/// <c>site/make_vectors.py</c> makes it.</summary>
public sealed class DjangoSignerTests
{
    private const string DatabaseSalt = "django.contrib.sessions.SessionStore";
    private const string CookieSalt = "django.contrib.sessions.backends.signed_cookies";

    private static readonly JsonNode Vectors = JsonNode.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Authentication", "Django", "vectors.json")))!;

    private static readonly string Key = Vectors.Get<string>("key");

    public static TheoryData<string> Names =>
        [.. Vectors["vectors"]!.AsArray().Select(vector => vector!.Get<string>("name"))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Unsign_ReadsWhatDjangoSigned(string name)
    {
        var (signed, salt, data) = Vector(name);

        var read = Signer(Key).Unsign(signed, salt);

        Assert.NotNull(read);
        Assert.True(JsonNode.DeepEquals(data, JsonNode.Parse(read.Utf8)));
        Assert.Equal(Vectors.Get<long>("signed_at"), read.SignedAt.ToUnixTimeSeconds());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Unsign_ReadsNothing_WhenAnyCharacterDiffers(string name)
    {
        var (signed, salt, _) = Vector(name);
        var signer = Signer(Key);
        for (var i = 0; i < signed.Length; i++)
        {
            var other = signed[i] == 'A' ? 'B' : 'A';
            Assert.Null(signer.Unsign(string.Concat(signed.AsSpan(0, i), [other], signed.AsSpan(i + 1)), salt));
            Assert.Null(signer.Unsign(signed.Remove(i, 1), salt));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Unsign_ReadsNothing_WhenSaltOrKeyIsAnother(string name)
    {
        var (signed, salt, _) = Vector(name);

        Assert.Null(Signer(Key).Unsign(signed, salt == CookieSalt ? DatabaseSalt : CookieSalt));
        Assert.Null(Signer(Key).Unsign(signed, salt + " "));
        Assert.Null(Signer(Key + "x").Unsign(signed, salt));
    }

    [Fact]
    public void Unsign_ReadsWhatAFormerKeySigned()
    {
        var (signed, salt, _) = Vector("db usual");

        Assert.NotNull(Signer("a newer key", "an older key", Key).Unsign(signed, salt));
        Assert.Null(Signer("a newer key", "an older key").Unsign(signed, salt));
    }

    [Fact]
    public void AuthHash_IsOfThePasswordAlone()
    {
        var (hash, password) = (Vectors.Get<string>("auth_hash"), Vectors.Get<string>("password"));

        Assert.True(Signer(Key).IsAuthHash(hash, password));
        Assert.True(Signer("a newer key", Key).IsAuthHash(hash, password));
        Assert.False(Signer(Key).IsAuthHash(hash, password + "x"));
        Assert.False(Signer(Key).IsAuthHash(hash.ToUpperInvariant(), password));
        Assert.False(Signer(Key).IsAuthHash(hash[1..], password));
        Assert.False(Signer(Key).IsAuthHash("", password));
        Assert.False(Signer("a newer key").IsAuthHash(hash, password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no colon")]
    [InlineData("e30:")]
    [InlineData("e30:!")]
    [InlineData("e30:zzzzzzz")]
    [InlineData("e30:zzzzzzzz")]
    [InlineData("=:1r31eq")]
    [InlineData("not base64!:1r31eq")]
    [InlineData(".e30:1r31eq")]
    [InlineData(".:1r31eq:")]
    public void SignedJson_IsNothing_WhenItIsMalformed(string value) => Assert.Null(SignedJson.Parse(value));

    [Fact]
    public void SignedJson_IsNothing_WhenItIsLargerThanAllowed_AndReadWhenItIsNot()
    {
        Assert.Equal(SignedJson.BytesMax, SignedJson.Parse(Compressed(SignedJson.BytesMax))!.Utf8.Length);
        Assert.Null(SignedJson.Parse(Compressed(SignedJson.BytesMax + 1)));
        Assert.Null(SignedJson.Parse(Compressed(100 * SignedJson.BytesMax)));
    }

    [Fact]
    public void Unsign_SurvivesAnyText()
    {
        var random = new Random(17);
        var signer = Signer(Key);
        for (var i = 0; i < 10_000; i++)
        {
            var text = new string(random.GetItems<char>(":.AZaz09-_=é\ud800", random.Next(80)));
            Assert.Null(signer.Unsign(text, CookieSalt));
            _ = SignedJson.Parse(text);
            _ = SessionData.Parse(Encoding.UTF8.GetBytes(text));
        }
    }

    private static (string Signed, string Salt, JsonNode Data) Vector(string name)
    {
        var vector = Vectors["vectors"]!.AsArray().Single(vector => vector!.Get<string>("name") == name)!;
        var salt = name.StartsWith("db", StringComparison.Ordinal) ? DatabaseSalt : CookieSalt;
        return (vector.Get<string>("signed"), salt, vector["data"]!);
    }

    private static string Compressed(int length)
    {
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(new byte[length]);
        }

        return $".{System.Buffers.Text.Base64Url.EncodeToString(bytes.ToArray())}:1r31eq";
    }

    private static DjangoSigner Signer(string key, params string[] fallbacks)
    {
        var options = new DjangoOptions { SecretKey = key };
        foreach (var fallback in fallbacks)
        {
            options.SecretKeyFallbacks.Add(fallback);
        }

        return new DjangoSigner(Options.Create(options));
    }
}
