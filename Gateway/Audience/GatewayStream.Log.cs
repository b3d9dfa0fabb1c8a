namespace NewLoom.Gateway.Audience;

internal sealed partial class GatewayStream
{
    private static partial class Log
    {
        [LoggerMessage(1231, LogLevel.Warning, "Events for this gateway were dropped: reading what is missing")]
        public static partial void EventsLost(ILogger logger);

        [LoggerMessage(1232, LogLevel.Warning, "The cluster does not answer this gateway now: {Reason}")]
        public static partial void RenewFailed(ILogger logger, string reason);

        [LoggerMessage(1234, LogLevel.Information, "The cluster has changed: asking every topic what was missed")]
        public static partial void Repairing(ILogger logger);

        [LoggerMessage(1233, LogLevel.Warning, "The gateway's stream reported an error")]
        public static partial void StreamFailed(ILogger logger, Exception exception);
    }
}
