using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;

namespace NewLoom.PushStreams;

/// <summary>The queues of one provider on this silo: nobody else's, whatever silos come and go.</summary>
/// <remarks>
/// Orleans reads nothing from a queue while it looks up the subscribers of a stream that is new there, and a subscriber
/// that hangs makes that long. So streams are spread over some queues, each with a pulling agent of its own.
/// </remarks>
internal sealed class PushQueues : IStreamQueueMapper
{
    private readonly PushQueue[] _queues;
    private readonly QueueId[] _ids;

    public PushQueues(string name, PushStreamOptions options, TimeProvider time, ILogger<PushQueue> logger)
    {
        Name = name;
        Options = options;
        var slots = new StreamSlots(name, options.StreamCount);
        _queues = [.. Enumerable.Range(0, options.QueueCount)
            .Select(_ => new PushQueue(name, options, slots, time, logger))];
        _ids = [.. Enumerable.Range(0, options.QueueCount)
            .Select(index => QueueId.GetQueueId(name, (uint)index, (uint)index))];
    }

    public string Name { get; }

    public PushStreamOptions Options { get; }

    /// <summary>Reads of the pulling agents that have ended, since the start.</summary>
    public long ReadCount => _queues.Sum(queue => queue.ReadCount);

    /// <summary>Events that were dropped, since the start.</summary>
    public long DroppedCount => _queues.Sum(queue => queue.DroppedCount);

    public PushQueue this[QueueId id] => _queues[id.GetNumericId()];

    public PushQueue this[StreamId streamId] => _queues[IndexOf(streamId)];

    public IEnumerable<QueueId> GetAllQueues() => _ids;

    public QueueId GetQueueForStream(StreamId streamId) => _ids[IndexOf(streamId)];

    /// <summary>Streams that are live, and events that wait in them.</summary>
    public (int Streams, int Events) Count()
    {
        var counts = _queues.Select(queue => queue.Count()).ToList();
        return (counts.Sum(count => count.Streams), counts.Sum(count => count.Events));
    }

    /// <summary>Ends when everything that has a subscriber is delivered.</summary>
    public Task DrainAsync() => Task.WhenAll(_queues.Select(queue => queue.DrainAsync()));

    private uint IndexOf(StreamId streamId) => (uint)streamId.GetHashCode() % (uint)_queues.Length;
}
