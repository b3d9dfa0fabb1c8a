using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Users;

internal sealed partial class UserChatsGrain
{
    private static partial class Log
    {
        [LoggerMessage(4021, LogLevel.Warning, "Some members' sockets were not told of the new chat {ChatId}")]
        public static partial void MembersNotTold(ILogger logger, long chatId, Exception exception);
    }
}
