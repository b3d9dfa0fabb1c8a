namespace NewLoom.Gateway.Audience;

internal sealed partial class FeedRepair
{
    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Warning, "Chat {ChatId} cannot be repaired now, will try again: {Reason}")]
        public static partial void Postponed(ILogger logger, long chatId, string reason);
    }
}
