using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Streams;

namespace NewLoom.PushStreams;

/// <summary>Takes what grains of this silo publish.</summary>
internal sealed class PushQueueAdapter(PushQueues queues, DeepCopier copier) : IQueueAdapter, IQueueAdapterCache
{
    public string Name => queues.Name;

    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => new PushQueueReader(queues[queueId]);

    public IQueueCache CreateQueueCache(QueueId queueId) => new PushQueueReader(queues[queueId]);

    public Task QueueMessageBatchAsync<T>(
        StreamId streamId,
        IEnumerable<T> events,
        StreamSequenceToken? token,
        Dictionary<string, object>? requestContext)
    {
        if (token is not null)
        {
            throw new ArgumentException($"Push streams '{Name}' number their events themselves.", nameof(token));
        }

        if (events is T[] { Length: 1 } single)
        {
            var item = Copy(single[0]);
            queues[streamId].Append(streamId, new ReadOnlySpan<object>(in item));
        }
        else
        {
            queues[streamId].Append(streamId, events.Select(Copy).ToArray());
        }

        return Task.CompletedTask;
    }

    // Isolates what waits from what the publisher does next. Immutable items are not copied.
    private object Copy<T>(T item) =>
        copier.Copy(item) ?? throw new ArgumentNullException(nameof(item), $"Push streams '{Name}' carry no nulls.");
}
