using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Storage;

internal sealed partial class StorageWriter
{
    private static partial class Log
    {
        [LoggerMessage(8000, LogLevel.Error, "Cannot write to {Database}: {WriteCount} writes refused, more until it can")]
        public static partial void Failed(ILogger logger, Exception error, string database, int writeCount);

        [LoggerMessage(8002, LogLevel.Critical, "Writes nothing more, and stops: {Reason}")]
        public static partial void Gone(ILogger logger, string reason);

        [LoggerMessage(8001, LogLevel.Information, "Writing to {Database} again")]
        public static partial void Recovered(ILogger logger, string database);
    }
}
