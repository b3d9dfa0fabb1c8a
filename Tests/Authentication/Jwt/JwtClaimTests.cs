using System.Text.Json.Nodes;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Authentication.Jwt;
using NewLoom.Tests.Users;
using NewLoom.Users;

namespace NewLoom.Tests.Authentication.Jwt;

/// <summary>What a well signed token must say to be let in, and what it then gives.</summary>
public sealed class JwtClaimTests(UsersCluster cluster) : JwtTests(cluster)
{
    private ITokenVerifier Plain => Verifier(("Keys:0:Secret", JwtForge.Secret));

    [Fact]
    public async Task Identity_IsTheUser_UntilTheTokenEnds()
    {
        await CreateUserAsync();

        var identity = await Plain.VerifyAsync(JwtForge.Hs256(Claims()), Ct);

        Assert.Equal((User, Later), (identity!.User, identity.ExpiresAt));
        Assert.Equal(CredentialHandle.OfUser(User), identity.Handle);
        Assert.Equal(["chat", "streams:view", "streams:publish"], identity.Scopes);
    }

    [Fact]
    public async Task Token_FailsFromTheSecondOn_InWhichItExpires()
    {
        var (verifier, token) = (Plain, JwtForge.Hs256(Claims()));
        Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        await AssertPassesAsync(verifier, token);

        Time.Advance(TimeSpan.FromTicks(1));
        await AssertFailsAsync(verifier, token);
    }

    [Fact]
    public async Task Token_FailsUntilTheSecond_InWhichItBegins()
    {
        var verifier = Plain;
        var token = JwtForge.Hs256(Claims(("nbf", Time.GetUtcNow().AddSeconds(10).ToUnixTimeSeconds())));
        Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        await AssertFailsAsync(verifier, token);

        Time.Advance(TimeSpan.FromTicks(1));
        await AssertPassesAsync(verifier, token);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("\"soon\"")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("true")]
    [InlineData("[4102444800]")]
    [InlineData("{}")]
    public async Task Token_Fails_WithoutAUsableEnd(string? end)
    {
        var claims = Claims();
        claims.Remove("exp");
        if (end is not null)
        {
            claims["exp"] = JsonNode.Parse(end);
        }

        await AssertFailsAsync(Plain, JwtForge.Hs256(claims));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"somebody nobody knows\"")]
    [InlineData("\"nobody-of-that-name\"")]
    [InlineData("17")]
    [InlineData("[\"alice\"]")]
    [InlineData("{\"name\":\"alice\"}")]
    public async Task Token_Fails_WhenItNamesNoUser(string? subject)
    {
        var claims = Claims();
        claims.Remove("sub");
        if (subject is not null)
        {
            claims["sub"] = JsonNode.Parse(subject);
        }

        await AssertFailsAsync(Plain, JwtForge.Hs256(claims));
    }

    [Fact]
    public async Task Token_Fails_BeforeTheUserIsCreated()
    {
        Assert.Null(await Plain.VerifyAsync(JwtForge.Hs256(Claims()), Ct));
        await AssertPassesAsync(Plain, JwtForge.Hs256(Claims()));
    }

    [Theory]
    [InlineData("\"newloom\"", true)]
    [InlineData("[\"other\",\"newloom\"]", true)]
    [InlineData("\"other\"", false)]
    [InlineData("\"NewLoom\"", false)]
    [InlineData("[\"other\"]", false)]
    [InlineData("[]", false)]
    [InlineData("null", false)]
    [InlineData(null, false)]
    public async Task Audience_MustBeTheConfiguredOne(string? audience, bool passes)
    {
        var verifier = Verifier(("Keys:0:Secret", JwtForge.Secret), ("Audience", "newloom"));
        var token = JwtForge.Hs256(audience is null ? Claims() : Claims(("aud", JsonNode.Parse(audience))));

        await (passes ? AssertPassesAsync(verifier, token) : AssertFailsAsync(verifier, token));
    }

    [Theory]
    [InlineData("\"https://issuer.example\"", true)]
    [InlineData("\"https://issuer.example/\"", false)]
    [InlineData("\"https://other.example\"", false)]
    [InlineData("null", false)]
    [InlineData(null, false)]
    public async Task Issuer_MustBeTheConfiguredOne(string? issuer, bool passes)
    {
        var verifier = Verifier(("Keys:0:Secret", JwtForge.Secret), ("Issuer", "https://issuer.example"));
        var token = JwtForge.Hs256(issuer is null ? Claims() : Claims(("iss", JsonNode.Parse(issuer))));

        await (passes ? AssertPassesAsync(verifier, token) : AssertFailsAsync(verifier, token));
    }

    [Theory]
    [InlineData("scope", "\"chat\"", "chat")]
    [InlineData("scope", "\"openid  streams:view chat profile chat\"", "streams:view,chat")]
    [InlineData("scope", "\"admin\"", "admin")]
    [InlineData("scope", "[\"chat\",\"email\"]", "chat")]
    [InlineData("scp", "\"streams:publish\"", "streams:publish")]
    [InlineData("scp", "[\"streams:publish\",\"chat\"]", "streams:publish,chat")]
    public async Task Scopes_AreTheKnownOnesOfTheClaim(string claim, string value, string scopes)
    {
        await CreateUserAsync();

        var identity = await Plain.VerifyAsync(JwtForge.Hs256(Claims((claim, JsonNode.Parse(value)))), Ct);

        Assert.Equal(scopes.Split(','), identity!.Scopes);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"openid profile\"")]
    [InlineData("\"Chat\"")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    public async Task Token_Fails_WhenItsScopesHoldNoneThatIsKnown(string scopes)
    {
        await AssertFailsAsync(Plain, JwtForge.Hs256(Claims(("scope", JsonNode.Parse(scopes)))));
        await AssertFailsAsync(Plain, JwtForge.Hs256(Claims(("scp", JsonNode.Parse(scopes)))));
    }

    [Fact]
    public async Task Token_Fails_WhenItIsTooLong()
    {
        var token = JwtForge.Hs256(Claims(("filler", new string('x', JwtVerifier.LengthMax))));
        Assert.True(token.Length > JwtVerifier.LengthMax);

        await AssertFailsAsync(Plain, token);
        await AssertPassesAsync(Plain, JwtForge.Hs256(Claims(("filler", new string('x', 4_096)))));
    }

    [Fact]
    public async Task Token_FailsQuietly_HoweverItIsBroken()
    {
        await CreateUserAsync();
        var verifier = Plain;
        var random = new Random(4);
        var good = JwtForge.Hs256(Claims(("scope", "chat")));
        string[] claims = ["", "null", "[]", "7", "\"x\"", "{", "{}", "{\"exp\":1e400}", "{\"exp\":99999999999999999999}"];
        var texts = claims.Select(text => JwtForge.Sign(new JsonObject { ["alg"] = "HS256" }, text, _ => [1]));
        var spoiled = Enumerable.Range(0, 3_000).Select(_ => Spoil(good, random));
        foreach (var token in texts.Concat([".", "..", "...", "a.b.c", "é.é.é", "\0.\0.\0"]).Concat(spoiled))
        {
            Assert.Null(await verifier.VerifyAsync(token, Ct));
        }
    }

    private static string Spoil(string token, Random random)
    {
        var signed = token.LastIndexOf('.');
        var at = random.Next(signed);
        var other = (char)random.Next(1, 128);
        return other == token[at]
            ? token[..at] + token[(at + 1)..]
            : token[..at] + other + token[(at + 1)..];
    }
}
