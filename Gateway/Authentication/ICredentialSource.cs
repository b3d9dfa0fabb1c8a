namespace NewLoom.Gateway.Authentication;

/// <summary>One place of a request where a credential may be.</summary>
/// <remarks>Sources are asked in the order of their registration, cookies last; the first that finds something
/// decides.</remarks>
internal interface ICredentialSource
{
    /// <summary>Whether browsers send it along by themselves, whosever page asks: <see cref="OriginRules"/>.</summary>
    bool IsCookie => false;

    /// <summary>What such a credential is called in metrics, as in <c>bearer</c>.</summary>
    string Kind { get; }

    /// <summary>The credential, or null when the request has none here. An empty one is one that fails.</summary>
    string? Find(HttpRequest request);

    /// <summary>Who the credential names; null when it is unknown, expired or revoked, and
    /// <see cref="Identity.Nobody"/> when it is a visitor's and none at all.</summary>
    Task<Identity?> ResolveAsync(HttpContext context, string credential, CancellationToken cancellationToken);
}
