namespace NewLoom.Gateway.Sockets;

internal sealed partial class SocketAdmission
{
    private static partial class Log
    {
        // 1012 of SocketEndpoint is the same for a socket that does not get that far.
        [LoggerMessage(1013, LogLevel.Warning, "A socket could not be begun, storage or cluster unavailable: {Reason}")]
        public static partial void StartFailed(ILogger logger, string reason);

        [LoggerMessage(1011, LogLevel.Warning, "Socket {ConnectionId} has closed; its grains were not told: {Reason}")]
        public static partial void CloseNotTold(ILogger logger, string connectionId, string reason);
    }
}
