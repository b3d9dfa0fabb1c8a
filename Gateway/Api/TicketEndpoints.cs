using Microsoft.AspNetCore.Http.HttpResults;
using NewLoom.Gateway.Authentication;
using NewLoom.Users;

namespace NewLoom.Gateway.Api;

/// <summary>Tickets for sockets, so that tokens stay out of URLs.</summary>
internal static class TicketEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/tickets", IssueAsync).WithTags("Tickets").RequireAuthorization(AccessPolicies.User)
            .WithName("issueTicket").WithSummary("Issues a ticket that opens one socket within 30 s, as `?ticket=`.");

    private static async Task<Results<Ok<TicketBody>, ProblemResult>> IssueAsync(
        HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var identity = context.GetIdentity();
        var issued = await grains.GetGrain<IUserGrain>(UserKeys.ForUser(identity.User))
            .IssueTicketAsync(identity.Handle!, identity.ExpiresAt, identity.Scopes, cancellationToken);
        if (issued is null)
        {
            return Problems.AuthenticationFailed;    // the user was deleted a moment ago
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new TicketBody(issued.Ticket, issued.ExpiresAt));
    }
}
