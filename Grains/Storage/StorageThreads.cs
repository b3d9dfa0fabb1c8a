namespace NewLoom.Grains.Storage;

/// <summary>Dedicated threads that all run one loop.</summary>
internal sealed class StorageThreads
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread[] _threads;
    private readonly Action _work;
    private int _runningCount;

    /// <summary>Creates the threads; they end when <paramref name="work"/> returns.</summary>
    public StorageThreads(string name, int count, Action work)
    {
        _work = work;
        _runningCount = count;
        _threads =
        [
            .. Enumerable.Range(1, count).Select(i => new Thread(Run) { Name = $"{name} {i}", IsBackground = true }),
        ];
    }

    /// <summary>Ends when all threads have; ended before they start.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Starts them.</summary>
    public void Start()
    {
        Ended = _ended.Task;
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    private void Run()
    {
        _work();
        if (Interlocked.Decrement(ref _runningCount) == 0)
        {
            _ended.TrySetResult();
        }
    }
}
