using Microsoft.AspNetCore.Http.HttpResults;
using NewLoom.Audit;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Users;

namespace NewLoom.Gateway.Api;

/// <summary>The record of changes, for administrators.</summary>
internal static class AuditEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/audit", ListAsync).WithTags("Audit").RequireAuthorization(AccessPolicies.Admin)
            .WithName("listAudit").WithSummary(
                "Lists changes of users, tokens, memberships and rights, newest last, from behind `after`; " +
                "with `user` only those that the user made or that concern it.");

    private static async Task<Results<Ok<AuditBody>, ProblemResult>> ListAsync(
        IGrainFactory grains, CancellationToken cancellationToken,
        string? user = null, long after = 0, int limit = Paging.DefaultCount)
    {
        if ((WireId.FindCursorProblem(after, "after") ?? Paging.FindProblem(limit)) is { } problem)
        {
            return Problems.Invalid(problem);
        }

        if (user is not null && !Username.IsValid(user))
        {
            return UserEndpoints.UsernameProblem;
        }

        var entries = await grains.GetGrain<IAuditGrain>(0).ListAsync(user, after, limit + 1, cancellationToken);
        return TypedResults.Ok(
            new AuditBody([.. entries.Take(limit).Select(AuditEntryBody.Of)], entries.Length > limit));
    }
}
