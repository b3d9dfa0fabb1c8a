using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using NewLoom.Grains.Storage;

namespace NewLoom.Grains.Streams;

/// <summary>Makes drafts count: what they change is stored, then taken in, then told.</summary>
/// <remarks>A write that fails changes nothing, and the call that caused it throws.</remarks>
internal sealed partial class StreamChanges(
    StreamState stream, StreamTeller teller, StatsLane stats, StreamLease lease, IStreamStore store,
    StatsWriter statsWriter, Action endActivation, ILogger logger)
{
    private readonly LogTail _tail = new(stream.StreamId, stream.Version);

    public async Task ApplyAsync(ReportDraft draft)
    {
        if (!draft.IsChanged)
        {
            return;
        }

        var (before, firstSeq) = (stream.Execution, stream.Version + 1);
        if (draft.Events.Count > 0)
        {
            await lease.RemindAsync(draft.Execution);
            await AppendAsync(draft);
            statsWriter.Forget(stream.StreamId);
        }
        else
        {
            statsWriter.Note(stream.StreamId, draft.Execution);
        }

        stream.Take(draft);
        await teller.EventsAsync(draft, firstSeq);
        await stats.ShowAsync(before, draft.Execution);
        lease.Watch();
    }

    private async Task AppendAsync(ReportDraft draft)
    {
        ImmutableArray<EventRecord> records = [.. draft.Events.Select(item => item.Record)];
        if (await store.AppendAsync(_tail, records, draft.Executions) == AppendOutcome.Fenced)
        {
            Log.Fenced(logger, _tail.TopicId, _tail.LastSeq);
            endActivation();
            throw new StorageUnavailableException("Another activation of the stream has written to it.");
        }
    }
}
