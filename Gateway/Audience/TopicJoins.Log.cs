namespace NewLoom.Gateway.Audience;

internal sealed partial class TopicJoins
{
    private static partial class Log
    {
        [LoggerMessage(1221, LogLevel.Warning, "Socket {ConnectionId} could not join a topic and is closed")]
        public static partial void JoinFailed(ILogger logger, string connectionId, Exception exception);

        [LoggerMessage(1222, LogLevel.Warning,
            "{SocketCount} sockets cannot join topics now, will try again: {Reason}")]
        public static partial void Postponed(ILogger logger, int socketCount, string reason);
    }
}
