using Microsoft.AspNetCore.Http.HttpResults;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Streams;

namespace NewLoom.Gateway.Api;

/// <summary>Reports to a stream, as over its socket.</summary>
internal static class ReportEndpoints
{
    public static void Map(IEndpointRouteBuilder streams)
    {
        streams.MapPost("/{id}/status", ReportStatusAsync).WithName("reportStatus")
            .WithSummary("Reports a status; `pending` or `running` after a terminal one starts the next execution.")
            .WithProblems(StatusCodes.Status409Conflict);
        streams.MapPost("/{id}/stats", ReportStatsAsync).WithName("reportStats")
            .WithSummary("Reports absolute counters; what is below the last is ignored, field by field.")
            .WithProblems(StatusCodes.Status409Conflict);
        streams.MapPost("/{id}/errors", ReportErrorAsync).WithName("reportError")
            .WithSummary("Reports an error of the current execution.")
            .WithProblems(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<ReportedBody>, ProblemResult>> ReportStatusAsync(
        long id, StatusReportBody body, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (StatusName.FindProblem(body.Status) is { } problem)
        {
            return Problems.Invalid(problem);
        }

        var frame = new StatusUpdateFrame(id, body.Status!, body.LeaseSeconds);
        return await ReportAsync(id, frame.Report, context, grains, cancellationToken);
    }

    private static async Task<Results<Ok<ReportedBody>, ProblemResult>> ReportStatsAsync(
        long id, StatsReportBody body, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken) =>
        body.Given.FindProblem() is { } problem
            ? Problems.Invalid(problem)
            : await ReportAsync(id, body.Given.ToReport(), context, grains, cancellationToken);

    private static async Task<Results<Ok<ReportedBody>, ProblemResult>> ReportErrorAsync(
        long id, ErrorReportBody body, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (body.Given is not { Message: { } message, Code: { } code })
        {
            return Problems.Invalid("error.message and error.code must be strings");
        }

        var report = new ErrorReport { Message = message, Code = code };
        return await ReportAsync(id, report, context, grains, cancellationToken);
    }

    private static async Task<Results<Ok<ReportedBody>, ProblemResult>> ReportAsync(
        long id, StreamReport report, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var result = await grains.GetGrain<IStreamGrain>(id)
            .ReportAsync(context.GetIdentity().User, [report], cancellationToken);
        return result.Outcomes[0] is { Refusal: not StreamRefusal.None } refused
            ? Problems.Of(refused.Refusal, refused.Detail)
            : TypedResults.Ok(
                new ReportedBody(id, result.Execution, StatusName.Of(result.Status), result.Version));
    }
}
