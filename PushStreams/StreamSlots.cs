using Orleans.Runtime;

namespace NewLoom.PushStreams;

/// <summary>Counts the live streams of one provider on this silo, over all its queues.</summary>
internal sealed class StreamSlots(string name, int countMax)
{
    private int _count;

    public void Add() => Interlocked.Increment(ref _count);

    public void Remove() => Interlocked.Decrement(ref _count);

    public void ThrowIfFull(StreamId streamId)
    {
        if (Volatile.Read(ref _count) >= countMax)
        {
            throw new InvalidOperationException(
                $"Push streams '{name}': {streamId} would be one more live stream on this silo, but " +
                $"{nameof(PushStreamOptions.StreamCount)} is {countMax}.");
        }
    }
}
