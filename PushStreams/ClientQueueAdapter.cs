using Orleans.Runtime;
using Orleans.Streams;

namespace NewLoom.PushStreams;

/// <summary>A client's side: it subscribes through the cluster's subscription grains and has no queue of its own.</summary>
internal sealed class ClientQueueAdapter(string name) : IQueueAdapter, IQueueAdapterFactory
{
    public string Name => name;

    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
        => throw new NotSupportedException(
            $"Push streams '{name}': a client cannot publish, since events are queued in the publisher's silo. " +
            "Call a grain that publishes.");

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => throw NoQueue();

    public IQueueAdapterCache GetQueueAdapterCache() => throw NoQueue();

    public IStreamQueueMapper GetStreamQueueMapper() => throw NoQueue();

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => throw NoQueue();

    private NotSupportedException NoQueue() => new($"Push streams '{name}' have no queue in a client.");
}
