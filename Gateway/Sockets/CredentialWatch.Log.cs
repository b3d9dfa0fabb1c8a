namespace NewLoom.Gateway.Sockets;

internal sealed partial class CredentialWatch
{
    private static partial class Log
    {
        [LoggerMessage(1021, LogLevel.Warning, "A credential of kind {Kind} could not be asked about now: {Reason}")]
        public static partial void CheckFailed(ILogger logger, string kind, string reason);

        [LoggerMessage(1022, LogLevel.Error, "A look for ended credentials failed; the next one is due")]
        public static partial void SweepFailed(ILogger logger, Exception exception);
    }
}
