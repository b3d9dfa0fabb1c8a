using NewLoom.Chats;
using NewLoom.Streams;

namespace NewLoom.Gateway.Api;

/// <summary>The refusals of the HTTP API, in the words of the wire's errors.</summary>
internal static class Problems
{
    public static ProblemResult AuthenticationFailed =>
        Create("Authentication failed", StatusCodes.Status401Unauthorized, "connection_error");

    public static ProblemResult NotAuthorized =>
        Create("Not authorized", StatusCodes.Status403Forbidden, "permission_denied");

    public static ProblemResult NotPermitted(string detail) =>
        Create("Not authorized", StatusCodes.Status403Forbidden, "permission_denied", detail);

    public static ProblemResult NotAuthorizedForChat =>
        Create("Not authorized for this chat", StatusCodes.Status403Forbidden, "permission_denied");

    public static ProblemResult NotAuthorizedForStream =>
        Create("Not authorized for this stream", StatusCodes.Status403Forbidden, "permission_denied");

    public static ProblemResult Conflict(string detail) =>
        Create("Conflict", StatusCodes.Status409Conflict, "conflict", detail);

    public static ProblemResult NotFound(string detail) =>
        Create("Not found", StatusCodes.Status404NotFound, "not_found", detail);

    public static ProblemResult Invalid(string detail, int status = StatusCodes.Status400BadRequest) =>
        Create("Invalid message format", status, "invalid_format", detail);

    public static ProblemResult RateLimited(TimeSpan retryAfter) =>
        Create("Too many messages", StatusCodes.Status429TooManyRequests, "rate_limited", null, retryAfter);

    /// <summary>Too many failed authentications from the address.</summary>
    public static ProblemResult Throttled(TimeSpan retryAfter) => Create(
        "Too many failed authentications", StatusCodes.Status429TooManyRequests, "rate_limited", null, retryAfter);

    public static ProblemResult Unavailable(TimeSpan retryAfter) =>
        Create("Try again later", StatusCodes.Status503ServiceUnavailable, "unavailable", null, retryAfter);

    /// <param name="correlationId">What to search the server's log for.</param>
    public static ProblemResult Internal(string correlationId) =>
        Create("Internal error", StatusCodes.Status500InternalServerError, "internal_error", correlationId);

    /// <summary>What a chat's refusal is in HTTP.</summary>
    public static ProblemResult Of(ChatRefusal refusal, string? detail) => refusal switch
    {
        ChatRefusal.NotAuthorized => NotAuthorizedForChat,
        ChatRefusal.Conflict => Create(
            "Client id was already used with different content", StatusCodes.Status409Conflict, "conflict", detail),
        ChatRefusal.LimitReached => Conflict(detail ?? "a limit is reached"),
        _ => Invalid(detail ?? "a value breaks a rule"),
    };

    /// <summary>What a stream's refusal is in HTTP.</summary>
    public static ProblemResult Of(StreamRefusal refusal, string? detail) => refusal switch
    {
        StreamRefusal.NotAuthorized => NotAuthorizedForStream,
        StreamRefusal.Finished => Create(
            "Execution has already finished", StatusCodes.Status409Conflict, "invalid_state", detail),
        StreamRefusal.LimitReached => Conflict(detail ?? "a limit is reached"),
        _ => Invalid(detail ?? "a value breaks a rule"),
    };

    /// <summary>What was answered with a bare status: no such route or method, a wrong content type.</summary>
    public static ProblemResult OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => NotFound("there is no such path"),
        StatusCodes.Status405MethodNotAllowed => Invalid("the path has no such method", status),
        < 500 => Invalid("the request cannot be read", status),
        _ => Create("Try again later", status, "unavailable"),
    };

    private static ProblemResult Create(
        string title, int status, string code, string? detail = null, TimeSpan? retryAfter = null)
    {
        var retryAfterMs = (long?)retryAfter?.TotalMilliseconds;
        return new ProblemResult(new ApiProblem(
            title, status, code, detail, retryAfterMs is { } wait ? Math.Max(1, wait) : null));
    }
}
