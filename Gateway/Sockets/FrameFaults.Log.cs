namespace NewLoom.Gateway.Sockets;

internal sealed partial class FrameFaults
{
    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Warning, "Socket {ConnectionId}: {FrameType} refused as unavailable: {Reason}")]
        public static partial void Unavailable(
            ILogger logger, string connectionId, string frameType, string reason);

        [LoggerMessage(1002, LogLevel.Error, "{CorrelationId}: socket {ConnectionId}: {FrameType} failed")]
        public static partial void Failed(
            ILogger logger, string correlationId, string connectionId, string frameType, Exception exception);
    }
}
