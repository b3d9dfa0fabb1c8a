using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Streams;

internal sealed partial class StreamLease
{
    private static partial class Log
    {
        [LoggerMessage(3011, LogLevel.Warning, "Stream {StreamId}: the reminder of its ended lease could not be dropped")]
        public static partial void ReminderStays(ILogger logger, long streamId, Exception exception);

        [LoggerMessage(3012, LogLevel.Warning, "Stream {StreamId}: its expired lease cannot be stored now, will try again")]
        public static partial void ExpiryPostponed(ILogger logger, long streamId, Exception exception);
    }
}
