using Microsoft.Net.Http.Headers;

namespace NewLoom.Gateway.Transport;

/// <summary>Headers that keep browsers from doing more with an answer than is meant.</summary>
internal static class SafetyHeaders
{
    // Nothing but the page's own files runs and shows, nothing but its own origin is spoken to, and no other page frames
    // it. 'self' lets sockets of the origin through in every browser since Safari 16 (w3c/webappsec-csp#7).
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Adds the headers to every answer that follows, errors among them.</summary>
    /// <remarks>What does not say itself how long it may be kept is not kept: answers hold secrets and what people
    /// wrote.</remarks>
    public static void UseSafetyHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // At the last moment: the handling of an exception takes out what was set before.
        context.Response.OnStarting(AddAsync, context.Response.Headers);
        return next(context);
    });

    private static Task AddAsync(object state)
    {
        var headers = (IHeaderDictionary)state;
        headers.TryAdd(HeaderNames.ContentSecurityPolicy, Policy);    // who needs another one has set it
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";    // the page's address may hold a token
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers.TryAdd(HeaderNames.CacheControl, "no-store");
        return Task.CompletedTask;
    }
}
