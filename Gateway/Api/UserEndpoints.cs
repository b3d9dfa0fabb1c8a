using Microsoft.AspNetCore.Http.HttpResults;
using NewLoom.Gateway.Authentication;
using NewLoom.Users;

namespace NewLoom.Gateway.Api;

/// <summary>Users, for administrators.</summary>
internal static class UserEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/users").WithTags("Users").RequireAuthorization(AccessPolicies.Admin);
        users.MapPost("", CreateAsync).WithName("createUser").WithSummary("Creates a user.")
            .WithProblems(StatusCodes.Status409Conflict);
        users.MapGet("/{username}", GetAsync).WithName("getUser").WithSummary("Shows a user.")
            .WithProblems(StatusCodes.Status404NotFound);
        users.MapDelete("/{username}", DeleteAsync).WithName("deleteUser")
            .WithSummary("Deletes a user with its tokens and memberships; its messages stay.")
            .WithProblems(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Created<UserBody>, ProblemResult>> CreateAsync(
        NewUserBody body, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (body.Username is not { } username || !Username.IsValid(username))
        {
            return UsernameProblem;
        }

        var user = grains.GetGrain<IUserGrain>(UserKeys.ForUser(username));
        if (!await user.CreateAsync(context.GetIdentity().Actor, cancellationToken)
            || await user.GetCreatedAtAsync(cancellationToken) is not { } createdAt)
        {
            return Problems.Conflict("there is such a user already");
        }

        return TypedResults.Created($"/api/users/{Uri.EscapeDataString(username)}", new UserBody(username, createdAt));
    }

    private static async Task<Results<Ok<UserBody>, ProblemResult>> GetAsync(
        string username, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!Username.IsValid(username))
        {
            return UsernameProblem;
        }

        return await grains.GetGrain<IUserGrain>(UserKeys.ForUser(username)).GetCreatedAtAsync(cancellationToken)
            is { } createdAt
                ? TypedResults.Ok(new UserBody(username, createdAt))
                : NoSuchUser;
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(
        string username, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!Username.IsValid(username))
        {
            return UsernameProblem;
        }

        var user = grains.GetGrain<IUserGrain>(UserKeys.ForUser(username));
        return await user.DeleteAsync(context.GetIdentity().Actor, cancellationToken)
            ? TypedResults.NoContent()
            : NoSuchUser;
    }

    /// <summary>For a name that can be nobody's.</summary>
    public static ProblemResult UsernameProblem =>
        Problems.Invalid($"username must have 1 to {Username.LengthMax} of letters, digits and @ . + - _");

    /// <summary>For administrators, who may know who is there.</summary>
    public static ProblemResult NoSuchUser => Problems.NotFound("there is no such user");
}
