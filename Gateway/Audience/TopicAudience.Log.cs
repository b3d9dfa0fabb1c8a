namespace NewLoom.Gateway.Audience;

internal static partial class TopicAudienceLog
{
    [LoggerMessage(1211, LogLevel.Warning, "Topic {TopicId} could not be left now: {Reason}")]
    public static partial void LeaveFailed(ILogger logger, long topicId, string reason);
}
