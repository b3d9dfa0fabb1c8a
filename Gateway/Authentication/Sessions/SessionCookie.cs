using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace NewLoom.Gateway.Authentication.Sessions;

/// <summary>The cookie of a browser's session, by ASP.NET Core's cookie authentication: it holds the session's secret,
/// protected.</summary>
/// <remarks>Its handler is asked by its scheme and needs no middleware, so that sockets can ask it too.</remarks>
internal static class SessionCookie
{
    /// <summary>The cookie's name.</summary>
    public const string Name = "newloom_session";

    /// <summary>The authentication scheme.</summary>
    public const string SchemeName = "newloom.session";

    private const string SecretClaim = "secret";

    /// <summary>Sets what the cookie is.</summary>
    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = Name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.SlidingExpiration = false;    // the session's own end is fixed
    }

    /// <summary>Sets the cookie in the answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="secret">The session's secret.</param>
    /// <param name="expiresAt">When the browser drops the cookie and it stops being read, UTC; in whole seconds,
    /// rounded down.</param>
    public static Task SetAsync(HttpContext context, string secret, DateTimeOffset expiresAt) => context.SignInAsync(
        SchemeName,
        new ClaimsPrincipal(new ClaimsIdentity([new Claim(SecretClaim, secret)], SchemeName)),
        new AuthenticationProperties { IsPersistent = true, ExpiresUtc = expiresAt });

    /// <summary>Takes the cookie from the browser.</summary>
    public static Task ClearAsync(HttpContext context) => context.SignOutAsync(SchemeName);

    /// <summary>The session's secret in the request's cookie, and when the cookie ends, UTC; null when there is no
    /// cookie, or one that was altered or has expired.</summary>
    public static async Task<(string Secret, DateTimeOffset ExpiresAt)?> ReadAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync(SchemeName);
        return result.Principal?.FindFirstValue(SecretClaim) is { } secret
            && result.Properties?.ExpiresUtc is { } expiresAt
                ? (secret, expiresAt)
                : null;
    }
}
