using NewLoom.Gateways;
using NewLoom.Grains.Gateways;
using NewLoom.Streams;

namespace NewLoom.Grains.Streams;

/// <summary>Puts what happens in one stream into events for the gateways that listen.</summary>
internal sealed class StreamTeller(TopicTeller topic)
{
    public TopicTeller Topic => topic;

    /// <summary>Tells statuses and errors that have been stored, in order.</summary>
    /// <param name="draft">Them.</param>
    /// <param name="firstSeq">The place of the first.</param>
    public async Task EventsAsync(ReportDraft draft, long firstSeq)
    {
        var seq = firstSeq;
        foreach (var item in draft.Events)
        {
            await topic.TellAsync(ToEvent(item, seq, topic.Place(seq)));
            seq++;
        }
    }

    public Task StatsAsync(Execution execution, DateTimeOffset now) => topic.TellAsync(new StatsChanged
    {
        TopicId = topic.TopicId,
        Position = topic.Position,
        Execution = execution.Number,
        Stats = execution.StatsAt(now),
    });

    /// <summary>Tells that somebody is no viewer any more; null: nobody is one, with the stream.</summary>
    public Task RemovalAsync(Execution execution, string? user) => topic.TellAsync(new ViewerRemoved
    {
        TopicId = topic.TopicId,
        Position = topic.Remove(),
        Execution = execution.Number,
        User = user,
    });

    /// <summary>Tells that this activation has ended, and listeners must join anew.</summary>
    public Task EndAsync(Execution execution) => topic.TellAsync(new StreamActivationEnded
    {
        TopicId = topic.TopicId,
        Position = topic.NextPosition,
        Execution = execution.Number,
    });

    private StreamEvent ToEvent(DraftEvent item, long seq, TopicPosition position) => item.Record.Status is { } status
        ? new StatusChanged
        {
            TopicId = topic.TopicId,
            Position = position,
            DurableAt = topic.Now,
            Execution = item.Record.Execution,
            Seq = seq,
            Status = status,
            Timestamp = item.Record.Timestamp,
            FinalStats = item.FinalStats,
        }
        : new ErrorReported
        {
            TopicId = topic.TopicId,
            Position = position,
            DurableAt = topic.Now,
            Execution = item.Record.Execution,
            Error = StreamState.ErrorOf(item.Record, seq),
        };
}
