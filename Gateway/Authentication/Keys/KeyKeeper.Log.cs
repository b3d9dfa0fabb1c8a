namespace NewLoom.Gateway.Authentication.Keys;

internal sealed partial class KeyKeeper
{
    private static partial class Log
    {
        [LoggerMessage(1151, LogLevel.Warning, "The keys for cookies could not be read or renewed now: {Reason}")]
        public static partial void RefreshFailed(ILogger logger, string reason);
    }
}
