using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Api;

/// <summary>Says which calls were refused to their callers.</summary>
internal sealed class ApiRefusals(SecurityEvents events) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        if ((result as INestedHttpResult)?.Result is ProblemResult problem && KindOf(problem) is { } kind)
        {
            var request = context.HttpContext;
            events.Refused(kind, request.Features.Get<Identity>()?.User, request.Connection.RemoteIpAddress);
        }

        return result;
    }

    private static RefusalKind? KindOf(ProblemResult problem) => problem.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => RefusalKind.AuthenticationFailed,
        StatusCodes.Status403Forbidden => RefusalKind.PermissionDenied,
        StatusCodes.Status429TooManyRequests => RefusalKind.RateLimited,
        _ => null,
    };
}
