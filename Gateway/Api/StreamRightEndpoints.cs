using Microsoft.AspNetCore.Http.HttpResults;
using NewLoom.Gateway.Authentication;
using NewLoom.Streams;
using NewLoom.Users;

namespace NewLoom.Gateway.Api;

/// <summary>Viewers and publishers of a stream.</summary>
internal static class StreamRightEndpoints
{
    public static void Map(IEndpointRouteBuilder streams)
    {
        Map(streams, StreamRight.View, "viewers", "Viewer", "view");
        Map(streams, StreamRight.Publish, "publishers", "Publisher", "report to");
    }

    private static void Map(
        IEndpointRouteBuilder streams, StreamRight right, string path, string name, string may)
    {
        streams.MapGet($"/{{id}}/{path}", ListAsync).WithName($"list{name}s")
            .WithSummary($"Lists who may {may} the stream, in ordinal order, from behind `after`.");
        streams.MapPut($"/{{id}}/{path}/{{username}}", GrantAsync).WithName($"add{name}")
            .WithSummary($"Lets a user {may} the stream; the owner's right.")
            .WithProblems(StatusCodes.Status409Conflict);
        streams.MapDelete($"/{{id}}/{path}/{{username}}", RevokeAsync).WithName($"remove{name}")
            .WithSummary($"Ends a user's right to {may} the stream: the owner's right, and everybody's own.");

        async Task<Results<Ok<StreamUsersBody>, ProblemResult>> ListAsync(
            long id, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken,
            string? after = null, int limit = Paging.DefaultCount)
        {
            if (Paging.FindProblem(limit) is { } problem)
            {
                return Problems.Invalid(problem);
            }

            return await grains.GetGrain<IStreamRightsGrain>(id).ListAsync(
                context.GetIdentity().User, right, after, limit + 1, cancellationToken) is { } names
                    ? TypedResults.Ok(new StreamUsersBody([.. names.Take(limit)], names.Length > limit))
                    : Problems.NotAuthorizedForStream;
        }

        async Task<Results<NoContent, ProblemResult>> GrantAsync(
            long id, string username, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken) =>
            Username.IsValid(username)
                ? Answer(await grains.GetGrain<IStreamRightsGrain>(id)
                    .GrantAsync(context.GetIdentity().User, username, right, cancellationToken))
                : UserEndpoints.UsernameProblem;

        async Task<Results<NoContent, ProblemResult>> RevokeAsync(
            long id, string username, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken) =>
            Username.IsValid(username)
                ? Answer(await grains.GetGrain<IStreamRightsGrain>(id)
                    .RevokeAsync(context.GetIdentity().User, username, right, cancellationToken))
                : UserEndpoints.UsernameProblem;
    }

    private static Results<NoContent, ProblemResult> Answer(StreamOutcome outcome) =>
        outcome.Refusal == StreamRefusal.None
            ? TypedResults.NoContent()
            : Problems.Of(outcome.Refusal, outcome.Detail);
}
