namespace NewLoom.Gateway.Audience;

internal sealed partial class SilenceWatch
{
    private static partial class Log
    {
        [LoggerMessage(1235, LogLevel.Information, "{What}")]
        public static partial void Changed(ILogger logger, string what);

        [LoggerMessage(1236, LogLevel.Debug, "Topic {TopicId} does not answer now: {Reason}")]
        public static partial void NoAnswer(ILogger logger, long topicId, string reason);
    }
}
