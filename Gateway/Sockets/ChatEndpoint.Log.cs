namespace NewLoom.Gateway.Sockets;

internal sealed partial class ChatEndpoint
{
    private static partial class Log
    {
        [LoggerMessage(1011, LogLevel.Warning, "Socket {ConnectionId} has closed, but its user's grain was not told: {Reason}")]
        public static partial void CloseNotTold(ILogger logger, string connectionId, string reason);
    }
}
