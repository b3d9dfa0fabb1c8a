using Microsoft.AspNetCore.Http.HttpResults;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Authentication.Sessions;

namespace NewLoom.Gateway.Api;

/// <summary>The session of a browser: a cookie instead of a token that scripts can read.</summary>
internal static class SessionEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/api/session").WithTags("Session");
        session.AddEndpointFilter(RefuseForeignPageAsync);
        session.MapPost("", BeginAsync).RequireAuthorization().WithName("beginSession")
            .WithSummary("Exchanges a token for a session cookie; a user with 100 sessions loses the oldest.");
        session.MapDelete("", EndAsync).WithName("endSession")
            .WithSummary("Ends the session of the cookie, with its sockets, and clears the cookie.");
    }

    private static async Task<Results<NoContent, ProblemResult>> BeginAsync(
        HttpContext context, Authenticator authenticator, BrowserSessions sessions, CancellationToken cancellationToken)
    {
        var identity = context.GetIdentity();
        if (identity.User.Length == 0)
        {
            return Problems.NotPermitted("the configured administrator is no user, so it cannot have a session");
        }

        if (authenticator.RestsOnCookie(context) || !BrowserSessions.IsFor(identity))
        {
            return Problems.NotPermitted("a session is given for a token of this service or a JWT alone");
        }

        return await sessions.BeginAsync(context, identity, cancellationToken)
            ? TypedResults.NoContent()
            : Problems.AuthenticationFailed;
    }

    private static async Task<NoContent> EndAsync(
        HttpContext context, BrowserSessions sessions, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(context, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Also where a token decides: else a foreign page could log its visitor in as somebody else, or
    /// out.</summary>
    private static async ValueTask<object?> RefuseForeignPageAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var origins = context.HttpContext.RequestServices.GetRequiredService<OriginRules>();
        return origins.IsForeign(context.HttpContext.Request)
            ? origins.Refuse(context.HttpContext)
            : await next(context);
    }
}
