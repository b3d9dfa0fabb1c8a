using Orleans.Runtime;
using Orleans.Streams;

namespace NewLoom.PushStreams;

/// <summary>What a pulling agent sees of its queue.</summary>
internal sealed class PushQueueReader(PushQueue queue) : IQueueAdapterReceiver, IQueueCache
{
    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken) =>
        queue.ReadAsync(cancellationToken);

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) =>
        queue.ReadAsync(CancellationToken.None);

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout) => Task.CompletedTask;

    public int GetMaxAddCount() => QueueAdapterConstants.UNLIMITED_GET_QUEUE_MSG;

    public bool IsUnderPressure() => false;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        // The backlog holds the events already.
    }

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        queue.Tidy();
        purgedItems = [];
        return false;
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) =>
        queue.AddCursor(streamId, token?.SequenceNumber);
}
