using Microsoft.AspNetCore.Http.HttpResults;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Streams;
using NewLoom.Users;

namespace NewLoom.Gateway.Api;

/// <summary>Streams.</summary>
internal static class StreamEndpoints
{
    private const int ShownUserCount = 1_000;

    public static void Map(IEndpointRouteBuilder streams)
    {
        streams.MapPost("", CreateAsync).WithName("createStream")
            .WithSummary("Creates a stream that the caller owns, views and publishes.")
            .WithProblems(StatusCodes.Status409Conflict);
        streams.MapGet("", ListAsync).WithName("listStreams")
            .WithSummary("Lists the streams that the caller owns or has a right on, ascending by id, from behind `after`.");
        streams.MapGet("/{id}", GetAsync).WithName("getStream")
            .WithSummary("Shows a stream, its first 1,000 users and, to who may view it, its state.");
        streams.MapDelete("/{id}", DeleteAsync).WithName("deleteStream")
            .WithSummary("Deletes a stream with its executions; the owner's right.");
    }

    private static async Task<Results<Created<CreatedStreamBody>, ProblemResult>> CreateAsync(
        NewStreamBody body, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var (viewers, publishers) = (body.Viewers ?? [], body.Publishers ?? []);
        if (body.Name is not { } name || viewers.Contains(null) || publishers.Contains(null))
        {
            return Problems.Invalid("name must be a string, viewers and publishers lists of strings");
        }

        var result = await grains.GetGrain<IUserStreamsGrain>(UserKeys.ForUser(context.GetIdentity().User))
            .CreateAsync(name, [.. viewers!], [.. publishers!], cancellationToken);
        return result.Refusal == StreamRefusal.None
            ? TypedResults.Created($"/api/streams/{result.StreamId}", new CreatedStreamBody(result.StreamId))
            : Problems.Of(result.Refusal, result.Detail);
    }

    private static async Task<Results<Ok<StreamsBody>, ProblemResult>> ListAsync(
        HttpContext context, IGrainFactory grains, CancellationToken cancellationToken,
        long after = 0, int limit = Paging.DefaultCount)
    {
        if ((WireId.FindCursorProblem(after, "after") ?? Paging.FindProblem(limit)) is { } problem)
        {
            return Problems.Invalid(problem);
        }

        var streams = await grains.GetGrain<IUserStreamsGrain>(UserKeys.ForUser(context.GetIdentity().User))
            .ListAsync(after, limit + 1, cancellationToken);
        return TypedResults.Ok(
            new StreamsBody([.. streams.Take(limit).Select(StreamBody.Of)], streams.Length > limit));
    }

    private static async Task<Results<Ok<StreamBody>, ProblemResult>> GetAsync(
        long id, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var identity = context.GetIdentity();
        var stream = grains.GetGrain<IStreamRightsGrain>(id);
        if (await stream.GetAsync(identity.User, cancellationToken) is not { } info)
        {
            return Problems.NotAuthorizedForStream;
        }

        var now = identity.Has(TokenScopes.StreamsView)
            ? await grains.GetGrain<IStreamGrain>(id).GetSnapshotAsync(identity.User, cancellationToken)
            : null;
        return TypedResults.Ok(StreamBody.Of(info).With(now) with
        {
            Viewers = await stream.ListAsync(identity.User, StreamRight.View, null, ShownUserCount, cancellationToken),
            Publishers = await stream.ListAsync(
                identity.User, StreamRight.Publish, null, ShownUserCount, cancellationToken),
        });
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(
        long id, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var outcome = await grains.GetGrain<IStreamRightsGrain>(id)
            .DeleteAsync(context.GetIdentity().User, cancellationToken);
        return outcome.Refusal == StreamRefusal.None
            ? TypedResults.NoContent()
            : Problems.Of(outcome.Refusal, outcome.Detail);
    }
}
