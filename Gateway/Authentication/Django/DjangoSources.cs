namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Django's session cookie.</summary>
internal sealed class DjangoSessionSource(DjangoSessions sessions, DjangoUsers users) : ICredentialSource
{
    private const string CookieName = "sessionid";    // Django's default SESSION_COOKIE_NAME

    public string Kind => "django_session";

    public bool IsCookie => true;

    public string? Find(HttpRequest request) => request.Cookies[CookieName];

    public async Task<Identity?> ResolveAsync(
        HttpContext context, string credential, CancellationToken cancellationToken) =>
        await users.AdmitAsync(
            DjangoCheck.SessionKind,
            credential,
            await sessions.FindAsync(credential, cancellationToken),
            cancellationToken);
}

/// <summary>A token of Django's REST framework in the header that its clients send: <c>Authorization: Token
/// …</c>.</summary>
internal sealed class DjangoTokenSource(DjangoTokenVerifier verifier) : ICredentialSource
{
    private const string Scheme = "Token ";

    public string Kind => "django_token";

    public string? Find(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;

    public Task<Identity?> ResolveAsync(HttpContext context, string credential, CancellationToken cancellationToken) =>
        verifier.VerifyAsync(credential, cancellationToken);
}
