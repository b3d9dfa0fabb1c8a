using Microsoft.Extensions.Logging;

namespace NewLoom.PushStreams;

internal sealed partial class PushQueue
{
    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Warning,
            "Push streams {Provider}: dropped {DroppedCount} events of {Stream}, more than may wait for a subscriber")]
        public static partial void Overflow(ILogger logger, string provider, StreamId stream, long droppedCount);
    }
}
