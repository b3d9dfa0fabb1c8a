namespace NewLoom.Gateway.Audience;

internal sealed partial class ChatAudience
{
    private static partial class Log
    {
        [LoggerMessage(1111, LogLevel.Warning, "Chat {ChatId} could not be left now: {Reason}")]
        public static partial void LeaveFailed(ILogger logger, long chatId, string reason);
    }
}
