using Microsoft.Extensions.Logging;

namespace NewLoom.PushStreams;

internal sealed partial class QueueDrain
{
    private static partial class Log
    {
        [LoggerMessage(5101, LogLevel.Warning,
            "Push streams {Provider}: the silo stops with {EventCount} events of {StreamCount} streams undelivered")]
        public static partial void NotDrained(ILogger logger, string provider, int eventCount, int streamCount);
    }
}
