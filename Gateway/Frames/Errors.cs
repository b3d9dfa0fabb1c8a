namespace NewLoom.Gateway.Frames;

/// <summary>The errors of the wire, with the words that the protocol gives them.</summary>
internal static class Errors
{
    public static ErrorNotice AuthenticationFailed => new("connection_error", "Authentication failed");

    public static ErrorNotice AuthenticationExpired => new("connection_error", "Authentication expired");

    public static ErrorNotice InvalidFormat(string detail) =>
        new("invalid_format", "Invalid message format") { Detail = detail };

    public static ErrorNotice UnknownType => InvalidFormat("type is not one that this socket knows");

    public static ErrorNotice NotAuthorizedForChat(long? chatId = null) =>
        new("permission_denied", "Not authorized for this chat") { ChatId = chatId };

    public static ErrorNotice NotAuthorizedForStream(long? streamId = null) =>
        new("permission_denied", "Not authorized for this stream") { StreamId = streamId };

    public static ErrorNotice RateLimited(TimeSpan retryAfter) =>
        new("rate_limited", "Too many messages") { RetryAfterMs = Math.Max(1, (long)retryAfter.TotalMilliseconds) };

    public static ErrorNotice Conflict => new("conflict", "Client id was already used with different content");

    public static ErrorNotice Finished => new("invalid_state", "Execution has already finished");

    public static ErrorNotice Unavailable(TimeSpan retryAfter) =>
        new("unavailable", "Try again later") { RetryAfterMs = (long)retryAfter.TotalMilliseconds };

    /// <param name="correlationId">What to search the server's log for.</param>
    public static ErrorNotice Internal(string correlationId) =>
        new("internal_error", "Internal error") { Detail = correlationId };
}
