using Microsoft.Extensions.Options;
using NewLoom.Gateway.Authentication;

namespace NewLoom.Tests.Authentication;

public sealed class AdminTokenTests
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task AdminToken_NamesTheAdministrator_WhoIsNoUser()
    {
        var identity = await TokenOf("secret").VerifyAsync("secret", _ct);
        Assert.Equal(("", true, null), (identity!.User, identity.IsAdmin, identity.ExpiresAt));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Secret")]
    [InlineData("secret ")]
    public async Task AdminToken_IsRefused_WhenItDiffers(string token) =>
        Assert.Null(await TokenOf("secret").VerifyAsync(token, _ct));

    [Fact]
    public async Task NobodyIsAdministrator_WhenNoTokenIsConfigured() =>
        Assert.Null(await TokenOf(null).VerifyAsync("", _ct));

    [Theory]
    [InlineData(null, true)]
    [InlineData("x", true)]
    [InlineData("", false)]
    [InlineData("  ", false)]
    public void Option_IsRefused_WhenBlank(string? token, bool isValid)
    {
        var result = new AdminTokenOptionsValidator().Validate(null, new AdminTokenOptions { AdminToken = token });
        Assert.Equal(isValid, result.Succeeded);
        Assert.Equal(!isValid, result.FailureMessage?.Contains("AdminToken") ?? false);
    }

    private static AdminToken TokenOf(string? configured) =>
        new(Options.Create(new AdminTokenOptions { AdminToken = configured }));
}
