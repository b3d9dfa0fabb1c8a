using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Streams;

internal sealed partial class StreamGrain
{
    private static partial class Log
    {
        [LoggerMessage(3002, LogLevel.Warning, "Stream {StreamId} leaves with counters that cannot be stored: {Reason}")]
        public static partial void StatsNotStored(ILogger logger, long streamId, string reason);
    }
}
