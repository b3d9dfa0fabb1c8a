using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using NewLoom.Grains.Streams;

namespace NewLoom.Grains.Storage;

/// <summary>Statuses and errors of one stream that wait for their places at its end, with what they make of its
/// executions.</summary>
internal sealed class EventAppend(
    LogTail tail, ImmutableArray<EventRecord> events, ImmutableArray<Execution> executions)
    : SqliteWrite<AppendOutcome>
{
    // The place before must be taken: whatever a tail says, the table has no gaps.
    private const string Insert = """
        INSERT INTO stream_events (stream_id, seq, execution, timestamp, new_status, error_message, error_code)
        SELECT @stream, @seq, @execution, @timestamp, @status, @message, @code
        WHERE @seq = 1 OR EXISTS (SELECT 1 FROM stream_events WHERE stream_id = @stream AND seq = @seq - 1)
        """;

    /// <inheritdoc/>
    protected override AppendOutcome Run(SqliteSession session, BatchTails tails)
    {
        if (tails.FindLastSeq(tail) is not { } lastSeq)
        {
            return AppendOutcome.Fenced;
        }

        for (var i = 0; i < events.Length; i++)
        {
            // Only the first can fail: the others' places are behind it, and nobody else writes meanwhile.
            if (!TryInsert(session, lastSeq + 1 + i, events[i]))
            {
                tails.Fence(tail);
                return AppendOutcome.Fenced;
            }
        }

        foreach (var execution in executions)
        {
            ExecutionRows.Write(session, tail.TopicId, execution);
        }

        for (var i = 0; i < events.Length; i++)
        {
            tails.Advance(tail);
        }

        return AppendOutcome.Stored;
    }

    private bool TryInsert(SqliteSession session, long seq, EventRecord item)
    {
        try
        {
            return session.Execute(
                Insert,
                ("@stream", tail.TopicId),
                ("@seq", seq),
                ("@execution", item.Execution),
                ("@timestamp", item.Timestamp.ToUnixTimeMilliseconds()),
                ("@status", (int?)item.Status),
                ("@message", item.ErrorMessage),
                ("@code", item.ErrorCode)) == 1;
        }
        catch (SqliteException e) when (SqliteErrors.IsKeyConflict(e))
        {
            return false;    // the place is taken, or the stream was deleted
        }
    }
}
