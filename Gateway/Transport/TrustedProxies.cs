using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Transport;

/// <summary>Believes trusted proxies, and nobody else, about a client's address and whether it came by HTTPS.</summary>
internal static class TrustedProxies
{
    /// <summary>Comes before everything that looks at the address or the scheme.</summary>
    /// <remarks>A proxy must pass <c>Host</c> on as it is: <c>X-Forwarded-Host</c> does not count, since proxies often let
    /// a client's own pass.</remarks>
    public static void UseTrustedProxies(this IApplicationBuilder app)
    {
        var proxies = app.ApplicationServices.GetRequiredService<IOptions<TrustedProxyOptions>>().Value.TrustedProxies;
        if (proxies.Length == 0)
        {
            return;    // the middleware would take an empty list for everybody
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,    // as far back as proxies are trusted
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(TrustedProxyOptions.Parse(proxy)!.Value);
        }

        app.UseForwardedHeaders(options);
    }
}
