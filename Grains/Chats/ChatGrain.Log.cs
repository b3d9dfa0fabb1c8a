using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Chats;

internal sealed partial class ChatGrain
{
    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Warning, "Chat {ChatId} was written to elsewhere after seq {Seq}: deactivating")]
        public static partial void Fenced(ILogger logger, long chatId, long seq);
    }
}
