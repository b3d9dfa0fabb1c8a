using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Storage;

internal sealed partial class TopicPurge
{
    private static partial class Log
    {
        [LoggerMessage(8040, LogLevel.Information, "What was left of the deleted {TopicId} of {Table} is deleted")]
        public static partial void Purged(ILogger logger, string table, long topicId);

        [LoggerMessage(8041, LogLevel.Debug, "Deleted chats and streams cannot leave the database now: {Reason}")]
        public static partial void Postponed(ILogger logger, string reason);
    }
}
