using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Storage.PostgreSql;

public static partial class PostgreSqlMigrations
{
    private static partial class Log
    {
        [LoggerMessage(8030, LogLevel.Warning,
            "The database {Database} cannot be reached: {Reason}. Trying again in {Seconds} s")]
        public static partial void Unreachable(ILogger logger, string database, string reason, double seconds);
    }
}
