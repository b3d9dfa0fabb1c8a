using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Storage;

internal sealed partial class SqliteWriter
{
    private static partial class Log
    {
        [LoggerMessage(8000, LogLevel.Error, "Cannot write to {Path}: {WriteCount} writes refused, more until it can")]
        public static partial void Failed(ILogger logger, Exception error, string path, int writeCount);

        [LoggerMessage(8001, LogLevel.Information, "Writing to {Path} again")]
        public static partial void Recovered(ILogger logger, string path);
    }
}
