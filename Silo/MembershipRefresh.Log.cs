namespace NewLoom.Silo;

internal sealed partial class MembershipRefresh
{
    private static partial class Log
    {
        [LoggerMessage(9001, LogLevel.Debug, "The table of members cannot be read now: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
