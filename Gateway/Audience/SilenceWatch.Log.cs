using Orleans.Runtime;

namespace NewLoom.Gateway.Audience;

internal sealed partial class SilenceWatch
{
    private static partial class Log
    {
        [LoggerMessage(1235, LogLevel.Warning, "{Silo} is not heard: topics are asked how far they are")]
        public static partial void Silent(ILogger logger, SiloAddress silo);

        [LoggerMessage(1236, LogLevel.Information, "{Silo} is heard again, or has gone")]
        public static partial void Over(ILogger logger, SiloAddress silo);
    }
}
