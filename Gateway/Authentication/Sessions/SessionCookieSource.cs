namespace NewLoom.Gateway.Authentication.Sessions;

/// <summary>The cookie of a browser's session.</summary>
internal sealed class SessionCookieSource(IGrainFactory grains) : ICredentialSource
{
    private readonly IssuedTokenVerifier _sessions = new(grains);

    public string Kind => "session";

    public bool IsCookie => true;

    public string? Find(HttpRequest request) => request.Cookies[SessionCookie.Name];

    public async Task<Identity?> ResolveAsync(
        HttpContext context, string credential, CancellationToken cancellationToken)
    {
        if (await SessionCookie.ReadAsync(context) is not { } cookie
            || await _sessions.VerifyAsync(cookie.Secret, cancellationToken) is not { } identity)
        {
            return null;
        }

        // The cookie's end is that of the exchanged credential, or up to a second before.
        return cookie.ExpiresAt < identity.ExpiresAt ? identity with { ExpiresAt = cookie.ExpiresAt } : identity;
    }
}
