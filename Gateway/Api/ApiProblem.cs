namespace NewLoom.Gateway.Api;

/// <summary>A refusal as problem details. RFC 9457.</summary>
/// <param name="Title">The code in words, the same for every occurrence.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">For programs: a code of the wire's errors, or <c>not_found</c>.</param>
/// <param name="Detail">For a developer: what was wrong this time.</param>
/// <param name="RetryAfterMs">When the same call may succeed, in milliseconds.</param>
internal sealed record ApiProblem(
    string Title, int Status, string Code, string? Detail = null, long? RetryAfterMs = null);
