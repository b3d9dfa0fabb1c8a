namespace NewLoom.Gateway.Audience;

internal sealed partial class SocketRenewal
{
    private static partial class Log
    {
        // Debug: after a silo's death there may be one for each of its users.
        [LoggerMessage(1141, LogLevel.Debug, "Socket {ConnectionId} could not be named to its user's grain: {Reason}")]
        public static partial void NotNamed(ILogger logger, string connectionId, string reason);
    }
}
