using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Users;

internal sealed partial class UserSocketsGrain
{
    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Warning, "Presence of {User} is not told: its chats cannot be read")]
        public static partial void PresenceNotTold(ILogger logger, string user, Exception exception);
    }
}
