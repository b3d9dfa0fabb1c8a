namespace NewLoom.Gateway.Audience;

internal sealed partial class FeedRepair
{
    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Warning, "Topic {TopicId} cannot be repaired now, will try again")]
        public static partial void Postponed(ILogger logger, long topicId, Exception exception);

        // Debug: after a silo's death there is one for each of its topics, each second.
        [LoggerMessage(1102, LogLevel.Debug, "Topic {TopicId} cannot be repaired now, will try again: {Reason}")]
        public static partial void NotNow(ILogger logger, long topicId, string reason);
    }
}
