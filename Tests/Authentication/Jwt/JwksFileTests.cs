using NewLoom.Tests.Users;

namespace NewLoom.Tests.Authentication.Jwt;

/// <summary>Keys come out of the file as it is now.</summary>
public sealed class JwksFileTests(UsersCluster cluster) : JwtTests(cluster)
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("newloom-jwks-");

    private string FilePath => Path.Combine(_folder.FullName, "keys.json");

    [Fact]
    public async Task Token_Passes_WithAKeyOfTheFile_InEachAlgorithm()
    {
        (string Keys, string Token)[] cases =
        [
            (Forge.RsaKeySet("one"), Forge.Rs256(Claims(), keyId: "one")),
            (Forge.RsaKeySet(), Forge.Rs256(Claims())),
            (Forge.EcKeySet(), Forge.Es256(Claims())),
            (JwtForge.SecretKeySet(JwtForge.Secret), JwtForge.Hs256(Claims())),
        ];
        foreach (var (keys, token) in cases)
        {
            await File.WriteAllTextAsync(FilePath, keys, Ct);
            await AssertPassesAsync(Verifier(("JwksFile", FilePath)), token);
        }
    }

    [Fact]
    public async Task Keys_Change_WithTheFile()
    {
        using var next = new JwtForge();
        await File.WriteAllTextAsync(FilePath, Forge.RsaKeySet("one"), Ct);
        var verifier = Verifier(("JwksFile", FilePath));
        var (old, fresh) = (Forge.Rs256(Claims(), keyId: "one"), next.Rs256(Claims(), keyId: "two"));
        await AssertPassesAsync(verifier, old);
        await AssertFailsAsync(verifier, fresh);

        await ReplaceAsync(next.RsaKeySet("two"));

        await AssertPassesAsync(verifier, fresh);
        await AssertFailsAsync(verifier, old);
    }

    [Fact]
    public async Task Keys_Change_WithWhatALinkLeadsTo()
    {
        // As mounted secrets are: the file is a link through a folder, and the folder is the link that changes.
        using var next = new JwtForge();
        foreach (var (folder, keys) in new[] { ("one", Forge.RsaKeySet()), ("two", next.RsaKeySet()) })
        {
            var path = _folder.CreateSubdirectory(folder).FullName;
            await File.WriteAllTextAsync(Path.Combine(path, "keys.json"), keys, Ct);
        }

        Link("now", "one");
        Link("keys.json", "now/keys.json");
        var verifier = Verifier(("JwksFile", FilePath));
        await AssertPassesAsync(verifier, Forge.Rs256(Claims()));

        Link("now", "two");

        await AssertPassesAsync(verifier, next.Rs256(Claims()));
        await AssertFailsAsync(verifier, Forge.Rs256(Claims()));
    }

    [Theory]
    [InlineData("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Keys_StayAsTheyWere_WhenTheFileIsHalfWritten_UntilItIsWhole(string half)
    {
        using var next = new JwtForge();
        await File.WriteAllTextAsync(FilePath, Forge.RsaKeySet(), Ct);
        var verifier = Verifier(("JwksFile", FilePath));
        await AssertPassesAsync(verifier, Forge.Rs256(Claims()));

        await ReplaceAsync(half);
        await AssertPassesAsync(verifier, Forge.Rs256(Claims()));

        await ReplaceAsync(next.RsaKeySet());
        await AssertPassesAsync(verifier, next.Rs256(Claims()));
    }

    [Fact]
    public async Task Keys_StayAsTheyWere_WhileTheFileIsMissing()
    {
        await File.WriteAllTextAsync(FilePath, Forge.RsaKeySet(), Ct);
        var verifier = Verifier(("JwksFile", FilePath));
        await AssertPassesAsync(verifier, Forge.Rs256(Claims()));

        File.Delete(FilePath);

        await AssertPassesAsync(verifier, Forge.Rs256(Claims()));
    }

    [Fact]
    public async Task NoToken_Passes_OnceTheFileHoldsNoKey()
    {
        await File.WriteAllTextAsync(FilePath, Forge.RsaKeySet(), Ct);
        var verifier = Verifier(("JwksFile", FilePath));
        await AssertPassesAsync(verifier, Forge.Rs256(Claims()));

        await ReplaceAsync("""{"keys":[]}""");

        await AssertFailsAsync(verifier, Forge.Rs256(Claims()));
    }

    [Fact]
    public async Task Token_Fails_WhenItsKeyIsTooWeak()
    {
        const string Short = "a short secret";
        await File.WriteAllTextAsync(FilePath, JwtForge.SecretKeySet(JwtForge.Secret, Short), Ct);
        var verifier = Verifier(("JwksFile", FilePath));

        await AssertPassesAsync(verifier, JwtForge.Hs256(Claims()));
        await AssertFailsAsync(verifier, JwtForge.Hs256(Claims(), Short));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Delete(recursive: true);
    }

    /// <summary>In one step, as an operator should.</summary>
    private async Task ReplaceAsync(string keys)
    {
        await File.WriteAllTextAsync(FilePath + ".new", keys, Ct);
        File.Move(FilePath + ".new", FilePath, overwrite: true);
    }

    private void Link(string name, string target)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
    }
}
