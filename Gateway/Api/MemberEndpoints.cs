using Microsoft.AspNetCore.Http.HttpResults;
using NewLoom.Chats;
using NewLoom.Gateway.Authentication;
using NewLoom.Users;

namespace NewLoom.Gateway.Api;

/// <summary>Members of a chat.</summary>
internal static class MemberEndpoints
{
    public static void Map(IEndpointRouteBuilder chats)
    {
        chats.MapGet("/{id}/members", ListAsync).WithName("listMembers")
            .WithSummary("Lists the members in ordinal order, from behind `after`.");
        chats.MapPut("/{id}/members/{username}", AddAsync).WithName("addMember")
            .WithSummary("Makes a user a member; the owner's right.").WithProblems(StatusCodes.Status409Conflict);
        chats.MapDelete("/{id}/members/{username}", RemoveAsync).WithName("removeMember")
            .WithSummary("Ends a membership: the owner's right, and everybody's own.");
    }

    private static async Task<Results<Ok<MembersBody>, ProblemResult>> ListAsync(
        long id, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken,
        string? after = null, int limit = Paging.DefaultCount)
    {
        if (Paging.FindProblem(limit) is { } problem)
        {
            return Problems.Invalid(problem);
        }

        var user = context.GetIdentity().User;
        var chat = grains.GetGrain<IChatMembersGrain>(id);
        if (await chat.ListAsync(user, after, limit, cancellationToken) is not { } members)
        {
            return Problems.NotAuthorizedForChat;
        }

        var hasMore = members.Length == limit
            && await chat.ListAsync(user, members[^1], 1, cancellationToken) is { IsEmpty: false };
        return TypedResults.Ok(new MembersBody(members, hasMore));
    }

    private static async Task<Results<NoContent, ProblemResult>> AddAsync(
        long id, string username, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!Username.IsValid(username))
        {
            return UserEndpoints.UsernameProblem;
        }

        return Answer(await grains.GetGrain<IChatMembersGrain>(id)
            .AddAsync(context.GetIdentity().User, username, cancellationToken));
    }

    private static async Task<Results<NoContent, ProblemResult>> RemoveAsync(
        long id, string username, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!Username.IsValid(username))
        {
            return UserEndpoints.UsernameProblem;
        }

        return Answer(await grains.GetGrain<IChatMembersGrain>(id)
            .RemoveAsync(context.GetIdentity().User, username, cancellationToken));
    }

    private static Results<NoContent, ProblemResult> Answer(ChatOutcome outcome) =>
        outcome.Refusal == ChatRefusal.None
            ? TypedResults.NoContent()
            : Problems.Of(outcome.Refusal, outcome.Detail);
}
