using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Storage;

internal sealed partial class StatsWriter
{
    private static partial class Log
    {
        [LoggerMessage(8021, LogLevel.Warning, "The counters of {StreamCount} streams cannot be stored now: {Reason}")]
        public static partial void Postponed(ILogger logger, int streamCount, string reason);
    }
}
