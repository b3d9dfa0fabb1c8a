namespace NewLoom.Gateway.Authentication;

/// <summary>Where a page comes from, to be compared. RFC 6454 §4.</summary>
internal sealed record Origin(string Scheme, string Host, int Port)
{
    /// <summary>Reads <c>scheme://host[:port]</c>; host and scheme in any case, the port as of the scheme when it is
    /// left out.</summary>
    /// <returns>Null for everything else, also for the <c>null</c> of pages that belong nowhere.</returns>
    public static Origin? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && text.IndexOfAny(['/', '?', '#', '@', '\\'], uri.Scheme.Length + Uri.SchemeDelimiter.Length) < 0
            ? new Origin(uri.Scheme, uri.IdnHost, uri.Port)
            : null;

    /// <summary>The origin of the service, as the request names it.</summary>
    public static Origin? Of(HttpRequest request) => Parse($"{request.Scheme}://{request.Host.Value}");
}
