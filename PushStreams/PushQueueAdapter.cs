using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Streams;

namespace NewLoom.PushStreams;

/// <summary>Takes what grains of this silo publish, and gives the pulling agent its reads and its cursors.</summary>
internal sealed class PushQueueAdapter(PushQueue queue, DeepCopier copier)
    : IQueueAdapter, IQueueAdapterCache, IQueueAdapterReceiver, IQueueCache
{
    public string Name => queue.Name;

    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => this;

    public IQueueCache CreateQueueCache(QueueId queueId) => this;

    public Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        if (token is not null)
        {
            throw new ArgumentException($"Push streams '{Name}' number their events themselves.", nameof(token));
        }

        // A copy isolates what waits from what the publisher does next. Immutable items are not copied.
        if (events is T[] { Length: 1 } single)
        {
            object item = copier.Copy(single[0]) ?? throw new ArgumentNullException(nameof(events));
            queue.Append(streamId, new ReadOnlySpan<object>(in item));
            return Task.CompletedTask;
        }

        var items = events.Select(item => (object?)copier.Copy(item) ?? throw new ArgumentNullException(nameof(events)));
        queue.Append(streamId, items.ToArray());
        return Task.CompletedTask;
    }

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken) =>
        queue.ReadAsync(cancellationToken);

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => queue.ReadAsync(CancellationToken.None);

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
