using System.Diagnostics;
using System.Text.Json.Nodes;
using NewLoom.Gateway;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Authentication.Jwt;
using NewLoom.Tests.Users;

namespace NewLoom.Tests.Authentication.Jwt;

/// <summary>Keys and issuer come from an OpenID provider that is found by its address.</summary>
public sealed class AuthorityTests(UsersCluster cluster) : JwtTests(cluster)
{
    private static readonly TimeSpan RefreshLimit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Token_Passes_WithAKeyAndTheIssuerOfTheAuthority()
    {
        await using var authority = await Authority.StartAsync(Forge.RsaKeySet("one"));
        var verifier = Verifier(authority);

        await AssertPassesAsync(verifier, Forge.Rs256(Issued(authority), keyId: "one"));
        await AssertPassesAsync(verifier, Forge.Rs256(Issued(authority)));
    }

    [Fact]
    public async Task Token_Passes_WithAnEllipticKey()
    {
        await using var authority = await Authority.StartAsync(Forge.EcKeySet());

        await AssertPassesAsync(Verifier(authority), Forge.Es256(Issued(authority)));
    }

    [Fact]
    public async Task Token_Fails_WhenItIsOfAnotherIssuerOrForAnotherService()
    {
        await using var authority = await Authority.StartAsync(Forge.RsaKeySet());
        var verifier = Verifier(authority);

        await AssertFailsAsync(verifier, Forge.Rs256(Claims(("iss", authority.Address))));
        await AssertFailsAsync(verifier, Forge.Rs256(Claims(("aud", "newloom"))));
        await AssertFailsAsync(verifier, Forge.Rs256(Claims(("aud", "newloom"), ("iss", "https://other.example"))));
        await AssertFailsAsync(verifier, Forge.Rs256(Claims(("aud", "other"), ("iss", authority.Address))));
        await AssertFailsAsync(verifier, JwtForge.Hs256(Issued(authority)));
    }

    [Fact]
    public async Task Issuer_IsTheConfiguredOne_WhereThereIsOne()
    {
        await using var authority = await Authority.StartAsync(Forge.RsaKeySet());
        var verifier = Verifier(authority, ("Issuer", "https://issuer.example"));

        await AssertPassesAsync(
            verifier, Forge.Rs256(Claims(("aud", "newloom"), ("iss", "https://issuer.example"))));
        await AssertFailsAsync(verifier, Forge.Rs256(Issued(authority)));
    }

    [Fact]
    public async Task Token_Fails_WhenTheAuthorityHasNoName()
    {
        await using var authority = await Authority.StartAsync(Forge.RsaKeySet());
        authority.Issuer = null;

        await AssertFailsAsync(Verifier(authority), Forge.Rs256(Claims(("aud", "newloom"))));
    }

    [Fact]
    public async Task Token_Fails_WhenItIsSignedWithASecretThatIsPublished()
    {
        await using var authority = await Authority.StartAsync(JwtForge.SecretKeySet(JwtForge.Secret));

        await AssertFailsAsync(Verifier(authority), JwtForge.Hs256(Issued(authority)));
    }

    [Fact]
    public async Task Token_OfANewKey_MayComeAgain_AndPassesThen()
    {
        using var next = new JwtForge();
        await using var authority = await Authority.StartAsync(Forge.RsaKeySet("one"));
        var verifier = Verifier(authority);
        await AssertPassesAsync(verifier, Forge.Rs256(Issued(authority), keyId: "one"));

        authority.Keys = next.RsaKeySet("two");
        var fresh = next.Rs256(Issued(authority), keyId: "two");

        Assert.Equal(User, (await UntilKnownAsync(verifier, fresh))?.User);
    }

    [Fact]
    public async Task Token_OfAnUnknownKey_Fails_OnceTheAuthorityWasAsked()
    {
        using var other = new JwtForge();
        await using var authority = await Authority.StartAsync(Forge.RsaKeySet("one"));
        var verifier = Verifier(authority);
        var unknown = other.Rs256(Issued(authority), keyId: "two");
        await Assert.ThrowsAsync<AuthorityUnavailableException>(() => verifier.VerifyAsync(unknown, Ct));

        Time.Advance(JwtHosting.AuthorityLimit);

        await AssertFailsAsync(verifier, unknown);
        await AssertPassesAsync(verifier, Forge.Rs256(Issued(authority), keyId: "one"));
    }

    [Fact]
    public async Task Token_IsNotRefused_WhileTheAuthorityCannotBeAsked()
    {
        await using var authority = await Authority.StartAsync(Forge.RsaKeySet());
        authority.IsBroken = true;
        var verifier = Verifier(authority);
        var token = Forge.Rs256(Issued(authority));
        await CreateUserAsync();

        var failure = await Assert.ThrowsAsync<AuthorityUnavailableException>(() => verifier.VerifyAsync(token, Ct));

        Assert.True(Faults.IsUnavailable(failure));
        Assert.DoesNotContain(token.Split('.')[2], failure.ToString(), StringComparison.Ordinal);
        authority.IsBroken = false;
        Assert.Equal(User, (await UntilKnownAsync(verifier, token))?.User);
    }

    [Fact]
    public async Task Nonsense_Fails_WithoutAskingAnybody()
    {
        await using var authority = await Authority.StartAsync(Forge.RsaKeySet());
        authority.IsBroken = true;

        await AssertFailsAsync(Verifier(authority), "no.such.token");
        await AssertFailsAsync(Verifier(authority), JwtForge.Sign("none", Issued(authority), null, _ => []));
    }

    private ITokenVerifier Verifier(Authority authority, params (string Key, string? Value)[] more) =>
        Verifier([("Authority", authority.Address), ("Audience", "newloom"), .. more]);

    private JsonObject Issued(Authority authority) => Claims(("iss", authority.Address), ("aud", "newloom"));

    /// <summary>Comes again as a client does that was told to, until it is let in or refused.</summary>
    private static async Task<Identity?> UntilKnownAsync(ITokenVerifier verifier, string token)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await verifier.VerifyAsync(token, Ct);
            }
            catch (AuthorityUnavailableException) when (Stopwatch.GetElapsedTime(started) < RefreshLimit)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
            }
        }
    }
}
