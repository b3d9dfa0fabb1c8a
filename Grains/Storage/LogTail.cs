namespace NewLoom.Grains.Storage;

/// <summary>The end of one chat's log as one activation of the chat knows it.</summary>
/// <remarks>The log's writer moves it, and nobody else: places are given out while a batch is written, so a batch that
/// fails leaves no gap. Another activation's append to the same chat makes this one <see cref="IsFenced"/>.</remarks>
public sealed class LogTail(long chatId, long lastSeq)
{
    /// <summary>The chat.</summary>
    public long ChatId { get; } = chatId;

    /// <summary>The last place that this activation knows to be taken; 0 when the chat is empty.</summary>
    public long LastSeq { get; set; } = lastSeq;

    /// <summary>Whether somebody else has written to the chat: nothing more is appended through this tail.</summary>
    public bool IsFenced { get; set; }
}
