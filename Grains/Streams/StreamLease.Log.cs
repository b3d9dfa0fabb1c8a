using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Streams;

internal sealed partial class StreamLease
{
    private static partial class Log
    {
        [LoggerMessage(3011, LogLevel.Warning, "Stream {StreamId}: the reminder of its ended lease stays for now")]
        public static partial void ReminderStays(ILogger logger, long streamId, Exception exception);

        [LoggerMessage(3012, LogLevel.Warning, "Stream {StreamId}: its lease has run out, which cannot be stored now")]
        public static partial void ExpiryPostponed(ILogger logger, long streamId, Exception exception);
    }
}
