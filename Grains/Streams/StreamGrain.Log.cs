using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Streams;

internal sealed partial class StreamGrain
{
    private static partial class Log
    {
        [LoggerMessage(3002, LogLevel.Warning, "Stream {StreamId} leaves, its counters cannot be stored now: {Reason}")]
        public static partial void StatsNotStored(ILogger logger, long streamId, string reason);
    }
}
