namespace NewLoom.Grains.Storage;

/// <summary>The end of one topic's log (a chat's messages, a stream's statuses and errors) as one activation of it
/// knows it.</summary>
/// <remarks>The log's writer moves it, and nobody else: places are given out while a batch is written, so a batch that
/// fails leaves no gap. Another activation's append to the same topic makes this one <see cref="IsFenced"/>.</remarks>
public sealed class LogTail(long topicId, long lastSeq)
{
    /// <summary>The chat or stream.</summary>
    public long TopicId { get; } = topicId;

    /// <summary>The last place that this activation knows to be taken; 0 when there is none.</summary>
    public long LastSeq { get; set; } = lastSeq;

    /// <summary>Whether somebody else has written to the topic, or nobody knows whether this one's last append is
    /// stored: nothing more is appended through this tail.</summary>
    public bool IsFenced { get; set; }
}
