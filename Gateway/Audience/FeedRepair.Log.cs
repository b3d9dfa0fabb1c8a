namespace NewLoom.Gateway.Audience;

internal sealed partial class FeedRepair
{
    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Warning, "Topic {TopicId} cannot be repaired now, will try again")]
        public static partial void Postponed(ILogger logger, long topicId, Exception exception);
    }
}
