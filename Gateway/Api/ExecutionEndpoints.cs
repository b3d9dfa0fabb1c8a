using Microsoft.AspNetCore.Http.HttpResults;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Streams;

namespace NewLoom.Gateway.Api;

/// <summary>Past executions of a stream.</summary>
internal static class ExecutionEndpoints
{
    public static void Map(IEndpointRouteBuilder streams)
    {
        streams.MapGet("/{id}/executions", ListAsync).WithName("listExecutions")
            .WithSummary("Lists executions that have ended, ascending by number, from behind `after`.");
        streams.MapGet("/{id}/executions/{number}/errors", ListErrorsAsync).WithName("listExecutionErrors")
            .WithSummary("Lists the errors of an execution, oldest first, from behind the `seq` `after`.");
    }

    private static async Task<Results<Ok<ExecutionsBody>, ProblemResult>> ListAsync(
        long id, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken,
        int after = 0, int limit = Paging.DefaultCount)
    {
        if ((WireId.FindCursorProblem(after, "after") ?? Paging.FindProblem(limit)) is { } problem)
        {
            return Problems.Invalid(problem);
        }

        return await grains.GetGrain<IStreamGrain>(id).ListExecutionsAsync(
            context.GetIdentity().User, after, limit, cancellationToken) is { } page
                ? TypedResults.Ok(
                    new ExecutionsBody([.. page.Executions.Select(ExecutionBody.Of)], page.HasMore))
                : Problems.NotAuthorizedForStream;
    }

    private static async Task<Results<Ok<ErrorsBody>, ProblemResult>> ListErrorsAsync(
        long id, int number, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken,
        long after = 0, int limit = Paging.DefaultCount)
    {
        if ((WireId.FindCursorProblem(after, "after") ?? Paging.FindProblem(limit)) is { } problem)
        {
            return Problems.Invalid(problem);
        }

        return await grains.GetGrain<IStreamGrain>(id).ListErrorsAsync(
            context.GetIdentity().User, number, after, limit + 1, cancellationToken) is { } found
                ? TypedResults.Ok(
                    new ErrorsBody([.. found.Take(limit).Select(PlacedErrorBody.Of)], found.Length > limit))
                : Problems.NotAuthorizedForStream;
    }
}
