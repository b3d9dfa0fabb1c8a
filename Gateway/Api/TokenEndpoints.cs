using Microsoft.AspNetCore.Http.HttpResults;
using NewLoom.Gateway.Authentication;
using NewLoom.Users;

namespace NewLoom.Gateway.Api;

/// <summary>A user's tokens, for itself and for administrators.</summary>
internal static class TokenEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/api/users/{username}/tokens").WithTags("Tokens")
            .RequireAuthorization(AccessPolicies.AdminOrSelf);
        tokens.MapPost("", IssueAsync).WithName("issueToken")
            .WithSummary("Issues a token and shows it this once; a user with 100 valid ones loses the oldest.")
            .WithProblems(StatusCodes.Status404NotFound);
        tokens.MapGet("", ListAsync).WithName("listTokens")
            .WithSummary("Lists the valid tokens, oldest first, without their secrets.")
            .WithProblems(StatusCodes.Status404NotFound);
        tokens.MapDelete("/{token_id}", RevokeAsync).WithName("revokeToken").WithSummary("Ends a token for good.")
            .WithProblems(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Created<IssuedTokenBody>, ProblemResult>> IssueAsync(
        string username, NewTokenBody body, HttpContext context, Authenticator authenticator, IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        if (!Username.IsValid(username))
        {
            return UserEndpoints.UsernameProblem;
        }

        var caller = context.GetIdentity();
        if (!caller.IsAdmin && (authenticator.RestsOnCookie(context) || !caller.IsIssued))
        {
            // It would outlive a logout, and whatever ends a credential elsewhere; and scripts could read it.
            return Problems.NotPermitted("a token is issued for a token of this service, or by an administrator, alone");
        }

        var (request, problem) = TokenRequest.Read(body, caller);
        if (problem is not null)
        {
            return problem;
        }

        var issued = await grains.GetGrain<IUserGrain>(UserKeys.ForUser(username))
            .IssueTokenAsync(caller.Actor, request.Lifetime, request.Scopes, cancellationToken);
        if (issued is null)
        {
            return UserEndpoints.NoSuchUser;
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created(
            $"/api/users/{Uri.EscapeDataString(username)}/tokens/{issued.Info.TokenId}",
            new IssuedTokenBody(issued.Token, issued.Info.TokenId, issued.Info.ExpiresAt, issued.Info.Scopes));
    }

    private static async Task<Results<Ok<TokensBody>, ProblemResult>> ListAsync(
        string username, IGrainFactory grains, CancellationToken cancellationToken,
        Guid? after = null, int limit = Paging.DefaultCount)
    {
        if (!Username.IsValid(username))
        {
            return UserEndpoints.UsernameProblem;
        }

        if (Paging.FindProblem(limit) is { } problem)
        {
            return Problems.Invalid(problem);
        }

        if (await grains.GetGrain<IUserGrain>(UserKeys.ForUser(username)).ListTokensAsync(cancellationToken)
            is not { } tokens)
        {
            return UserEndpoints.NoSuchUser;
        }

        // A token that has ended since the page before starts the list again: nothing is left out.
        var start = after is null ? 0 : tokens.Select(token => token.TokenId).ToList().IndexOf(after.Value) + 1;
        TokenBody[] page = [.. tokens.Skip(start).Take(limit).Select(TokenBody.Of)];
        return TypedResults.Ok(new TokensBody(page, start + page.Length < tokens.Length));
    }

    private static async Task<Results<NoContent, ProblemResult>> RevokeAsync(
        string username, Guid token_id, HttpContext context, IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        if (!Username.IsValid(username))
        {
            return UserEndpoints.UsernameProblem;
        }

        var user = grains.GetGrain<IUserGrain>(UserKeys.ForUser(username));
        return await user.RevokeTokenAsync(context.GetIdentity().Actor, token_id, cancellationToken)
            ? TypedResults.NoContent()
            : Problems.NotFound("the user has no such token");
    }
}
