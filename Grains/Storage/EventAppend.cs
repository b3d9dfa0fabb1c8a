using System.Collections.Immutable;
using NewLoom.Grains.Streams;

namespace NewLoom.Grains.Storage;

/// <summary>Statuses and errors of one stream that wait for their places at its end, with what they make of its
/// executions.</summary>
internal sealed class EventAppend(
    LogTail tail, ImmutableArray<EventRecord> events, ImmutableArray<Execution> executions)
    : StorageWrite<AppendOutcome>
{
    // The place before must be taken: whatever a tail says, the table has no gaps. A place that is taken, and a stream
    // that was deleted, get no row.
    private const string Insert = """
        INSERT INTO stream_events (stream_id, seq, execution, timestamp, new_status, error_message, error_code)
        SELECT @stream, @seq, @execution, @timestamp, @status, @message, @code
        WHERE CASE WHEN @seq = 1
            THEN EXISTS (SELECT 1 FROM streams WHERE id = @stream AND deleted_at IS NULL)
            ELSE EXISTS (SELECT 1 FROM stream_events WHERE stream_id = @stream AND seq = @seq - 1) END
        ON CONFLICT DO NOTHING
        """;

    /// <inheritdoc/>
    public override void Doubt(Exception error)
    {
        SetResult(AppendOutcome.Fenced);
        Complete();
    }

    /// <inheritdoc/>
    protected override AppendOutcome Run(DatabaseSession session, BatchTails tails)
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

    private bool TryInsert(DatabaseSession session, long seq, EventRecord item) => session.Claim(
        Insert,
        ("@stream", tail.TopicId),
        ("@seq", seq),
        ("@execution", item.Execution),
        ("@timestamp", item.Timestamp.ToUnixTimeMilliseconds()),
        ("@status", (int?)item.Status),
        ("@message", item.ErrorMessage),
        ("@code", item.ErrorCode));
}
