namespace NewLoom.Grains.Storage;

/// <summary>A bounded first-in-first-out queue between many callers and a few dedicated threads.</summary>
/// <remarks>Adding never waits. Taking blocks its thread, so it must never happen on the thread pool.</remarks>
internal sealed class WorkQueue<T>(int countMax)
{
    private readonly object _lock = new();
    private readonly Queue<T> _items = new();
    private bool _isOpen = true;
    private int _idleCount;

    /// <summary>Items that wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _items.Count;
            }
        }
    }

    /// <summary>Adds an item; false when the queue is full or closed.</summary>
    public bool TryAdd(T item)
    {
        lock (_lock)
        {
            if (!_isOpen || _items.Count >= countMax)
            {
                return false;
            }

            _items.Enqueue(item);
            if (_idleCount > 0)
            {
                Monitor.Pulse(_lock);
            }

            return true;
        }
    }

    /// <summary>Moves everything that waits, at most <paramref name="limit"/>, into <paramref name="batch"/>; blocks
    /// while nothing waits.</summary>
    /// <returns>False when the queue is closed and empty: the taking thread ends.</returns>
    public bool Take(List<T> batch, int limit)
    {
        lock (_lock)
        {
            while (_items.Count == 0 && _isOpen)
            {
                _idleCount++;
                Monitor.Wait(_lock);
                _idleCount--;
            }

            while (batch.Count < limit && _items.TryDequeue(out var item))
            {
                batch.Add(item);
            }

            return batch.Count > 0;
        }
    }

    /// <summary>Blocks for so long, whatever is added; less when the queue is closed.</summary>
    public void Pause(TimeSpan duration)
    {
        lock (_lock)
        {
            if (_isOpen)
            {
                Monitor.Wait(_lock, duration);
            }
        }
    }

    /// <summary>Refuses further items; those that wait are still taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isOpen = false;
            Monitor.PulseAll(_lock);
        }
    }
}
