using System.Net;

namespace NewLoom.Gateway.Security;

internal sealed partial class SecurityEvents
{
    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Warning, "Refused: {Reason}, user {User}, address {Address}")]
        public static partial void Refused(ILogger logger, RefusalKind reason, string? user, IPAddress? address);
    }
}
