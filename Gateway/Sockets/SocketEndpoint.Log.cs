namespace NewLoom.Gateway.Sockets;

internal sealed partial class SocketEndpoint
{
    private static partial class Log
    {
        [LoggerMessage(1012, LogLevel.Warning, "A socket could not be opened now, storage or cluster unavailable: {Reason}")]
        public static partial void OpenFailed(ILogger logger, string reason);
    }
}
