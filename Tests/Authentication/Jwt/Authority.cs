using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NewLoom.Tests.Authentication.Jwt;

/// <summary>An OpenID provider on loopback, as far as a verifier of tokens sees one: discovery and keys.</summary>
internal sealed class Authority : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Authority(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>What it calls itself; null leaves it out.</summary>
    public string? Issuer { get; set; }

    /// <summary>The JWK set that it publishes.</summary>
    public required string Keys { get; set; }

    /// <summary>Fails every request while set.</summary>
    public bool IsBroken { get; set; }

    public static async Task<Authority> StartAsync(string keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var authority = new Authority(builder.Build()) { Keys = keys };
        authority._app.MapGet("/.well-known/openid-configuration", authority.Discover);
        authority._app.MapGet("/keys", () => Results.Text(authority.Keys, "application/json"));
        await authority._app.StartAsync(TestContext.Current.CancellationToken);
        authority.Issuer = authority.Address;
        return authority;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Discover() => IsBroken
        ? Results.StatusCode(500)
        : Results.Json(new Dictionary<string, string?> { ["issuer"] = Issuer, ["jwks_uri"] = $"{Address}/keys" });
}
