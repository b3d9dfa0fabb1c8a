using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;

namespace NewLoom.Gateway.Api;

/// <summary>Answers requests that ended in an exception.</summary>
internal sealed partial class ApiExceptionHandler(ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;    // nobody is left to answer
        }

        await ProblemOf(exception, httpContext).ExecuteAsync(httpContext);
        return true;
    }

    private ProblemResult ProblemOf(Exception exception, HttpContext context)
    {
        if (exception is BadHttpRequestException bad)
        {
            return Problems.Invalid(DetailOf(bad), bad.StatusCode);
        }

        if (Faults.IsUnavailable(exception))
        {
            if (!Faults.IsKnown(exception))
            {
                Log.Unavailable(logger, context.Request.Method, exception.Message);
            }

            return Problems.Unavailable(Faults.RetryAfter);
        }

        var correlationId = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        Log.Failed(logger, correlationId, exception);
        return Problems.Internal(correlationId);
    }

    /// <summary>Says what was wrong in the words of the API: the framework's speak of parameters of methods.</summary>
    private static string DetailOf(BadHttpRequestException exception)
    {
        if (exception.InnerException is JsonException json)
        {
            return $"the body is not the JSON that is expected here, at {json.Path ?? "$"}";
        }

        return ParameterName().Match(exception.Message) switch
        {
            { Success: true, Groups: [_, { Value: "body" }] } => "a body of JSON is expected here",
            { Success: true, Groups: [_, var name] } => $"{name.Value} cannot be read",
            _ when exception.StatusCode == StatusCodes.Status413PayloadTooLarge => "the body is too large",
            _ => "the request cannot be read",
        };
    }

    [GeneratedRegex("parameter \"(?:[^\"]* )?(\\w+)\"")]
    private static partial Regex ParameterName();
}
