using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Api;

/// <summary>What the endpoints have in common.</summary>
internal static class EndpointConventions
{
    private static readonly int[] EveryCall =
    [
        StatusCodes.Status400BadRequest,
        StatusCodes.Status401Unauthorized,
        StatusCodes.Status403Forbidden,
        StatusCodes.Status429TooManyRequests,
        StatusCodes.Status500InternalServerError,
        StatusCodes.Status503ServiceUnavailable,
    ];

    /// <summary>Describes the refusals of the endpoint, beside those that every call may meet.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder endpoint, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
        {
            endpoint.WithMetadata(
                new ProducesResponseTypeMetadata(status, typeof(ApiProblem), [ProblemResult.ContentType]));
        }

        return endpoint;
    }

    /// <summary>Describes the refusals that every call may meet.</summary>
    public static TBuilder WithCommonProblems<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithProblems(EveryCall);

    /// <summary>Refuses ids in the path that the wire cannot carry.</summary>
    public static async ValueTask<object?> RefuseWrongIdAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.GetRouteValue("id") is string text
        && (!long.TryParse(text, out var id) || WireId.FindProblem(id, "id") is not null)
            ? Problems.Invalid(WireId.FindProblem(0, "id")!)
            : await next(context);
}
