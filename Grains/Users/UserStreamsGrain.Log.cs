using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Users;

internal sealed partial class UserStreamsGrain
{
    private static partial class Log
    {
        [LoggerMessage(4111, LogLevel.Warning, "Some viewers' sockets were not told of the new stream {StreamId}")]
        public static partial void ViewersNotTold(ILogger logger, long streamId, Exception exception);
    }
}
