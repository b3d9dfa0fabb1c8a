using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Storage;

internal sealed partial class TopicPurge
{
    private static partial class Log
    {
        [LoggerMessage(8040, LogLevel.Information, "Of deleted {Table}, {SliceCount} slices have left the database")]
        public static partial void Purged(ILogger logger, string table, int sliceCount);

        [LoggerMessage(8041, LogLevel.Debug, "Deleted chats and streams cannot leave the database now: {Reason}")]
        public static partial void Postponed(ILogger logger, string reason);
    }
}
