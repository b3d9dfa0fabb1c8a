namespace NewLoom.Gateway.Cluster;

internal sealed partial class ClusterRegister
{
    private static partial class Log
    {
        [LoggerMessage(1321, LogLevel.Warning,
            "The database {Database} cannot be reached: {Reason}. Trying again in {Seconds} s")]
        public static partial void Unreachable(ILogger logger, string database, string reason, double seconds);

        [LoggerMessage(1322, LogLevel.Warning,
            "No silo of this version has started the cluster {Cluster} in the database {Database} yet. " +
            "Looking again in {Seconds} s")]
        public static partial void NoCluster(ILogger logger, string cluster, string database, double seconds);
    }
}
