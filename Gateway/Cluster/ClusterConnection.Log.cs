namespace NewLoom.Gateway.Cluster;

internal sealed partial class ClusterConnection
{
    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Information, "Connected to the cluster")]
        public static partial void Connected(ILogger logger);

        [LoggerMessage(1202, LogLevel.Warning, "The cluster is gone; sockets stay open and frames get 'unavailable'")]
        public static partial void Lost(ILogger logger);
    }
}
