namespace NewLoom.Gateway.Audience;

internal sealed partial class TopicCheck
{
    private static partial class Log
    {
        [LoggerMessage(1237, LogLevel.Error, "Topics could not be asked how far they are")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(1238, LogLevel.Debug, "{TopicCount} topics do not say how far they are")]
        public static partial void Unanswered(ILogger logger, int topicCount);
    }
}
