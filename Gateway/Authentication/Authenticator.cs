using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Authentication;

/// <summary>Says for whom a request speaks, by the first credential that it holds.</summary>
internal sealed class Authenticator(IEnumerable<ICredentialSource> sources, IdentityMetrics metrics)
{
    /// <summary>What a client sends on purpose decides before what its browser sends along.</summary>
    private readonly ICredentialSource[] _sources = [.. sources.OrderBy(source => source.IsCookie)];

    /// <summary>Whether the request holds any credential, good or bad.</summary>
    public bool HasCredential(HttpContext context) => _sources.Any(source => source.Find(context.Request) is not null);

    /// <summary>Whether the credential that decides is one that browsers send along by themselves.</summary>
    public bool RestsOnCookie(HttpContext context) =>
        _sources.FirstOrDefault(source => source.Find(context.Request) is not null) is { IsCookie: true };

    /// <summary>Who the request speaks for; null when its first credential fails or it has none, and
    /// <see cref="Identity.Nobody"/> when it only seemed to have one.</summary>
    /// <remarks>A bad credential is not made up for by a good one that comes later in the order.</remarks>
    public async Task<Identity?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        foreach (var source in _sources)
        {
            if (source.Find(context.Request) is { } credential)
            {
                var identity = await source.ResolveAsync(context, credential, cancellationToken);
                if (identity != Identity.Nobody)
                {
                    metrics.Authenticated(source.Kind, identity is not null);
                }

                return identity;
            }
        }

        return null;
    }
}
