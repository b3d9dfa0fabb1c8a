namespace NewLoom.Gateway.Authentication;

/// <summary>A token in the query: <c>?token=…</c>, for browsers, whose sockets cannot set headers.</summary>
internal sealed class QueryTokenSource(TokenAuthenticator tokens) : ICredentialSource
{
    public string Kind => "query_token";

    public string? Find(HttpRequest request) =>
        request.Query.TryGetValue("token", out var values) ? values.ToString() : null;

    public Task<Identity?> ResolveAsync(HttpContext context, string credential, CancellationToken cancellationToken) =>
        tokens.AuthenticateAsync(credential, cancellationToken);
}

/// <summary>A token in the header: <c>Authorization: Bearer …</c>. RFC 6750 §2.1.</summary>
internal sealed class BearerTokenSource(TokenAuthenticator tokens) : ICredentialSource
{
    private const string Scheme = "Bearer ";

    public string Kind => "bearer";

    public string? Find(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)    // RFC 9110 §11.1
            ? header[Scheme.Length..].Trim()
            : null;

    public Task<Identity?> ResolveAsync(HttpContext context, string credential, CancellationToken cancellationToken) =>
        tokens.AuthenticateAsync(credential, cancellationToken);
}
