using System.Net;

namespace NewLoom.Gateway.Security;

internal sealed partial class SecurityEvents
{
    // One event for each kind, with an id and a name that rules of a log's reader may hang on. The texts differ only in
    // the words for the kind.
    private static partial class Log
    {
        private const string Who = ": user {User}, address {Address}, {Count} times ({Reason})";

        public static void Refused(
            ILogger logger, RefusalKind kind, string reason, string? user, IPAddress? address, long count)
        {
            Action<ILogger, string?, IPAddress?, long, string> write = kind switch
            {
                RefusalKind.AuthenticationFailed => AuthenticationFailed,
                RefusalKind.AuthenticationTimeout => AuthenticationTimeout,
                RefusalKind.AuthenticationThrottled => AuthenticationThrottled,
                RefusalKind.AuthenticationExpired => AuthenticationExpired,
                RefusalKind.UnauthenticatedSockets => UnauthenticatedSockets,
                RefusalKind.ForeignOrigin => ForeignOrigin,
                RefusalKind.PermissionDenied => PermissionDenied,
                RefusalKind.RateLimited => RateLimited,
                RefusalKind.OpenSockets => OpenSockets,
                RefusalKind.RefusedFrames => RefusedFrames,
                RefusalKind.FrameTooLarge => FrameTooLarge,
                RefusalKind.SlowReader => SlowReader,
                _ => throw new ArgumentOutOfRangeException(nameof(kind)),
            };
            write(logger, user, address, count, reason);
        }

        [LoggerMessage(
            1101, LogLevel.Warning, "Refused, a credential that is missing, wrong, expired or revoked" + Who,
            EventName = "authentication_failed")]
        private static partial void AuthenticationFailed(
            ILogger logger, string? user, IPAddress? address, long count, string reason);

        [LoggerMessage(
            1102, LogLevel.Warning, "Refused, no credential within the time for it" + Who,
            EventName = "authentication_timeout")]
        private static partial void AuthenticationTimeout(
            ILogger logger, string? user, IPAddress? address, long count, string reason);

        [LoggerMessage(
            1103, LogLevel.Warning, "Refused, too many failed authentications from the address" + Who,
            EventName = "authentication_throttled")]
        private static partial void AuthenticationThrottled(
            ILogger logger, string? user, IPAddress? address, long count, string reason);

        [LoggerMessage(
            1104, LogLevel.Information, "Refused, the credential of an open socket has ended" + Who,
            EventName = "authentication_expired")]
        private static partial void AuthenticationExpired(
            ILogger logger, string? user, IPAddress? address, long count, string reason);

        [LoggerMessage(
            1105, LogLevel.Warning, "Refused, too many sockets of the address that have not authenticated" + Who,
            EventName = "unauthenticated_sockets")]
        private static partial void UnauthenticatedSockets(
            ILogger logger, string? user, IPAddress? address, long count, string reason);

        [LoggerMessage(
            1106, LogLevel.Warning, "Refused, a page of another origin" + Who,
            EventName = "foreign_origin")]
        private static partial void ForeignOrigin(
            ILogger logger, string? user, IPAddress? address, long count, string reason);

        [LoggerMessage(
            1107, LogLevel.Warning, "Refused, not a member, no right, or no scope for it" + Who,
            EventName = "permission_denied")]
        private static partial void PermissionDenied(
            ILogger logger, string? user, IPAddress? address, long count, string reason);

        [LoggerMessage(
            1108, LogLevel.Warning, "Refused, too many messages or frames" + Who,
            EventName = "rate_limited")]
        private static partial void RateLimited(
            ILogger logger, string? user, IPAddress? address, long count, string reason);

        [LoggerMessage(
            1109, LogLevel.Warning, "Refused, too many open sockets of the user" + Who,
            EventName = "open_sockets")]
        private static partial void OpenSockets(
            ILogger logger, string? user, IPAddress? address, long count, string reason);

        [LoggerMessage(
            1110, LogLevel.Warning, "Refused, too many refused frames of one socket" + Who,
            EventName = "refused_frames")]
        private static partial void RefusedFrames(
            ILogger logger, string? user, IPAddress? address, long count, string reason);

        [LoggerMessage(
            1111, LogLevel.Warning, "Refused, a frame that is too large or in too many pieces" + Who,
            EventName = "frame_too_large")]
        private static partial void FrameTooLarge(
            ILogger logger, string? user, IPAddress? address, long count, string reason);

        [LoggerMessage(
            1112, LogLevel.Warning, "Refused, a socket that was not read" + Who,
            EventName = "slow_reader")]
        private static partial void SlowReader(
            ILogger logger, string? user, IPAddress? address, long count, string reason);
    }
}
