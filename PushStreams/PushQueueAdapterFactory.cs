using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace NewLoom.PushStreams;

/// <summary>The silo's side: one queue, which is the silo's own.</summary>
internal sealed class PushQueueAdapterFactory(PushQueueAdapter adapter) : IQueueAdapterFactory
{
    private readonly LocalQueueMapper _mapper = new(adapter.Name);

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(adapter);

    public IQueueAdapterCache GetQueueAdapterCache() => adapter;

    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());
}

/// <summary>Every stream that this silo publishes to goes through this silo's queue.</summary>
internal sealed class LocalQueueMapper(string name) : IStreamQueueMapper
{
    private readonly QueueId _queue = QueueId.GetQueueId(name, 0, 0);

    public IEnumerable<QueueId> GetAllQueues() => [_queue];

    public QueueId GetQueueForStream(StreamId streamId) => _queue;
}

/// <summary>Leaves each silo its own queue, whatever silos come and go.</summary>
internal sealed class LocalQueueBalancer : IStreamQueueBalancer
{
    private IEnumerable<QueueId> _queues = [];

    public Task Initialize(IStreamQueueMapper queueMapper)
    {
        _queues = queueMapper.GetAllQueues();
        return Task.CompletedTask;
    }

    public IEnumerable<QueueId> GetMyQueues() => _queues;

    public Task Shutdown() => Task.CompletedTask;

    public bool SubscribeToQueueDistributionChangeEvents(IStreamQueueBalanceListener observer) => true;

    public bool UnSubscribeFromQueueDistributionChangeEvents(IStreamQueueBalanceListener observer) => true;
}
