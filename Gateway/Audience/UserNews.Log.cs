namespace NewLoom.Gateway.Audience;

internal sealed partial class UserNews
{
    private static partial class Log
    {
        [LoggerMessage(1221, LogLevel.Warning, "Socket {ConnectionId} could not join a topic and is closed")]
        public static partial void JoinFailed(
            ILogger logger, string connectionId, Exception exception);
    }
}
