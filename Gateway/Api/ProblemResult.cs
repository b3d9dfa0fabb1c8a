using System.Globalization;

namespace NewLoom.Gateway.Api;

/// <summary>Writes an <see cref="ApiProblem"/> with its status and headers.</summary>
internal sealed class ProblemResult(ApiProblem problem) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "application/problem+json";

    public int? StatusCode => problem.Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = problem.Status;
        if (problem.RetryAfterMs is { } milliseconds)
        {
            var seconds = Math.Max(1, (milliseconds + 999) / 1_000);    // RFC 9110 §10.2.3 knows whole seconds only
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return httpContext.Response.WriteAsJsonAsync(
            problem, ApiJson.Default.ApiProblem, ContentType, httpContext.RequestAborted);
    }
}
