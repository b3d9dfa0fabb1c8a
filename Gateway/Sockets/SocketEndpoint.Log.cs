namespace NewLoom.Gateway.Sockets;

internal sealed partial class SocketEndpoint
{
    private static partial class Log
    {
        [LoggerMessage(1012, LogLevel.Warning, "A socket could not be opened now, storage or cluster unavailable")]
        public static partial void OpenFailed(ILogger logger, Exception exception);

        [LoggerMessage(1011, LogLevel.Warning, "Socket {ConnectionId} has closed; its grains were not told: {Reason}")]
        public static partial void CloseNotTold(ILogger logger, string connectionId, string reason);
    }
}
