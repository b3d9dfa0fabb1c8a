namespace NewLoom.Gateway.Api;

internal sealed partial class ApiExceptionHandler
{
    private static partial class Log
    {
        [LoggerMessage(6001, LogLevel.Error, "An API request failed; correlation id {CorrelationId}")]
        public static partial void Failed(ILogger logger, string correlationId, Exception exception);

        [LoggerMessage(6002, LogLevel.Warning,
            "A {Method} request was put off, storage or cluster unavailable: {Reason}")]
        public static partial void Unavailable(ILogger logger, string method, string reason);
    }
}
