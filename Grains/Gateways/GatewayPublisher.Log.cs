using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Gateways;

internal sealed partial class GatewayPublisher
{
    private static partial class Log
    {
        [LoggerMessage(4101, LogLevel.Warning, "The gateway directory does not answer; the list of gateways stays")]
        public static partial void DirectoryUnreachable(ILogger logger, Exception exception);

        [LoggerMessage(4107, LogLevel.Warning, "Gateway {GatewayId} could not be told that this silo is alive")]
        public static partial void NotSpoken(ILogger logger, string gatewayId, Exception exception);
    }
}
