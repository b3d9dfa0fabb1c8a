using NewLoom.Streams;

namespace NewLoom.Tests.Streams;

/// <summary>Short ways to write reports.</summary>
internal static class Reports
{
    public static StreamReport Status(StreamStatus status, int? leaseSeconds = null) => new StatusReport
    {
        Status = status,
        Lease = leaseSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    public static StreamReport Stats(
        long? processed = null, long? failed = null, long? total = null, TimeSpan? time = null) => new StatsReport
        {
            ProcessedCount = processed,
            FailedCount = failed,
            TotalCount = total,
            ExecutionTime = time,
        };

    public static StreamReport Error(string code, string message = "It broke") =>
        new ErrorReport { Message = message, Code = code };
}
