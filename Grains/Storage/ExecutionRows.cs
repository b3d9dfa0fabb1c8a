using System.Data.Common;
using NewLoom.Grains.Streams;
using NewLoom.Streams;

namespace NewLoom.Grains.Storage;

/// <summary>Rows of the table of executions.</summary>
internal static class ExecutionRows
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "number, status, started_at, ended_at, reported_at, lease_seconds, ran_for, running_since, " +
        "has_stats, processed_count, failed_count, reported_total, reported_time";

    // The counters of an execution never fall, and nothing changes after its end, whoever writes.
    private const string Upsert = $"""
        INSERT INTO executions (stream_id, {Columns})
        VALUES (@stream, @number, @status, @started, @ended, @reported, @lease, @ran, @since,
            @stats, @processed, @failed, @total, @time)
        ON CONFLICT (stream_id, number) DO UPDATE SET
            status = excluded.status, started_at = excluded.started_at, ended_at = excluded.ended_at,
            reported_at = excluded.reported_at, lease_seconds = excluded.lease_seconds, ran_for = excluded.ran_for,
            running_since = excluded.running_since,
            has_stats = greatest(executions.has_stats, excluded.has_stats),
            processed_count = greatest(executions.processed_count, excluded.processed_count),
            failed_count = greatest(executions.failed_count, excluded.failed_count),
            reported_total = greatest(executions.reported_total, excluded.reported_total),
            reported_time = CASE WHEN coalesce(executions.reported_time, -1) > coalesce(excluded.reported_time, -1)
                THEN executions.reported_time ELSE excluded.reported_time END
        WHERE executions.ended_at IS NULL
        """;

    private const string UpdateStats = """
        UPDATE executions SET
            started_at = coalesce(started_at, @started),
            reported_at = greatest(coalesce(reported_at, 0), @reported), has_stats = greatest(has_stats, @stats),
            processed_count = greatest(processed_count, @processed), failed_count = greatest(failed_count, @failed),
            reported_total = greatest(reported_total, @total),
            reported_time = CASE WHEN coalesce(reported_time, -1) > coalesce(@time, -1)
                THEN reported_time ELSE @time END
        WHERE stream_id = @stream AND number = @number AND ended_at IS NULL
        """;

    /// <summary>The execution in the reader's row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="from">Where its columns begin.</param>
    public static Execution Read(DbDataReader row, int from = 0) => new()
    {
        Number = row.GetInt32(from),
        Status = (StreamStatus)row.GetInt32(from + 1),
        StartedAt = row.GetTime(from + 2),
        EndedAt = row.GetTime(from + 3),
        ReportedAt = row.GetTime(from + 4),
        Lease = row.GetSeconds(from + 5),
        RanFor = TimeSpan.FromMilliseconds(row.GetInt64(from + 6)),
        RunningSince = row.GetTime(from + 7),
        HasStats = row.GetBoolean(from + 8),
        ProcessedCount = row.GetInt64(from + 9),
        FailedCount = row.GetInt64(from + 10),
        ReportedTotal = row.GetInt64(from + 11),
        ReportedTime = row.GetSeconds(from + 12),
    };

    /// <summary>Writes an execution as it is now.</summary>
    /// <remarks>When it had ended, nothing is written.</remarks>
    public static void Write(DatabaseSession session, long streamId, Execution execution) => session.Post(
        Upsert,
        ("@stream", streamId),
        ("@number", execution.Number),
        ("@status", (int)execution.Status),
        ("@started", execution.StartedAt?.ToUnixTimeMilliseconds()),
        ("@ended", execution.EndedAt?.ToUnixTimeMilliseconds()),
        ("@reported", execution.ReportedAt?.ToUnixTimeMilliseconds()),
        ("@lease", (long?)execution.Lease?.TotalSeconds),
        ("@ran", (long)execution.RanFor.TotalMilliseconds),
        ("@since", execution.RunningSince?.ToUnixTimeMilliseconds()),
        ("@stats", execution.HasStats),
        ("@processed", execution.ProcessedCount),
        ("@failed", execution.FailedCount),
        ("@total", execution.ReportedTotal),
        ("@time", (long?)execution.ReportedTime?.TotalSeconds));

    /// <summary>Writes the counters of an execution that has not ended, and when its last report came.</summary>
    public static void WriteStats(DatabaseSession session, long streamId, Execution execution) => session.Post(
        UpdateStats,
        ("@started", execution.StartedAt?.ToUnixTimeMilliseconds()),
        ("@reported", execution.ReportedAt?.ToUnixTimeMilliseconds() ?? 0),
        ("@stats", execution.HasStats),
        ("@processed", execution.ProcessedCount),
        ("@failed", execution.FailedCount),
        ("@total", execution.ReportedTotal),
        ("@time", (long?)execution.ReportedTime?.TotalSeconds),
        ("@stream", streamId),
        ("@number", execution.Number));

    private static DateTimeOffset? GetTime(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static TimeSpan? GetSeconds(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : TimeSpan.FromSeconds(row.GetInt64(column));
}
