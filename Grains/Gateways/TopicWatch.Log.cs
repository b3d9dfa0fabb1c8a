using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace NewLoom.Grains.Gateways;

internal sealed partial class TopicWatch
{
    private static partial class Log
    {
        [LoggerMessage(
            4105, LogLevel.Warning,
            "{Grain} has come to {Seq}, but elsewhere it was written to up to {StoredSeq}: deactivating")]
        public static partial void Superseded(ILogger logger, GrainId grain, long seq, long storedSeq);

        [LoggerMessage(4106, LogLevel.Debug, "Topics cannot be held against the database now: {Reason}")]
        public static partial void Postponed(ILogger logger, string reason);
    }
}
