namespace NewLoom.Gateway.Cluster;

internal sealed partial class ConnectionRetry
{
    private static partial class Log
    {
        [LoggerMessage(1311, LogLevel.Warning, "The cluster cannot be reached yet, trying again: {Reason}")]
        public static partial void NotYet(ILogger logger, string reason);
    }
}
