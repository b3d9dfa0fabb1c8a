using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Streams;

internal sealed partial class StreamChanges
{
    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Warning, "Stream {StreamId} was written to elsewhere after {Seq}: deactivating")]
        public static partial void Fenced(ILogger logger, long streamId, long seq);
    }
}
