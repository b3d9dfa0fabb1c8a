using Microsoft.Extensions.Options;
using NewLoom.Gateway.Api;
using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Authentication;

/// <summary>Pages of which origins may use what a browser sends along by itself.</summary>
/// <remarks>Browsers say the origin of a page with every WebSocket and with every request that changes something, and
/// no page can forge it; a request with a cookie and without an origin is one that no rule can be applied to.</remarks>
internal sealed class OriginRules(
    IOptions<OriginOptions> options, Authenticator authenticator, SecurityEvents events)
{
    private readonly HashSet<Origin> _listed = [.. options.Value.AllowedOrigins.Select(text => Origin.Parse(text)!)];

    /// <summary>Whether the request may open a socket: with a cookie from an allowed origin alone; with any other
    /// credential, or with none yet, from everywhere, unless origins are listed and it names another.</summary>
    public bool AdmitsSocket(HttpContext context) =>
        authenticator.RestsOnCookie(context)
            ? IsAllowed(context.Request)
            : _listed.Count == 0 || !IsForeign(context.Request);

    /// <summary>Whether the request may go on: one that changes something, and rests on a cookie, comes from an allowed
    /// origin alone.</summary>
    public bool AdmitsCall(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        || HttpMethods.IsHead(context.Request.Method)
        || HttpMethods.IsOptions(context.Request.Method)
        || !authenticator.RestsOnCookie(context)
        || IsAllowed(context.Request);

    /// <summary>Whether the request names an origin that is not allowed.</summary>
    public bool IsForeign(HttpRequest request) => request.Headers.Origin.Count > 0 && !IsAllowed(request);

    /// <summary>The refusal, HTTP 403, which is noted as a security event.</summary>
    public ProblemResult Refuse(HttpContext context)
    {
        events.Refused(RefusalKind.ForeignOrigin, user: null, context.Connection.RemoteIpAddress);
        return Problems.NotPermitted("the Origin is missing or not allowed");
    }

    private bool IsAllowed(HttpRequest request) =>
        request.Headers.Origin is [var text]
        && Origin.Parse(text) is { } origin
        && (origin == Origin.Of(request) || _listed.Contains(origin));
}
