namespace NewLoom.Tests.Durability;

/// <summary>Tells clients when the service can be reached again, so that they need not try.</summary>
internal sealed class Uptime
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _startCount;

    /// <summary>The service has started once more.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _startCount++;
            _next.SetResult();
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Waits for a start that the caller has not seen yet.</summary>
    /// <param name="seenCount">Starts that it has seen.</param>
    /// <returns>How many there have been.</returns>
    public async Task<int> AfterAsync(int seenCount)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_startCount > seenCount)
                {
                    return _startCount;
                }

                next = _next.Task;
            }

            await next.WaitAsync(TestContext.Current.CancellationToken);
        }
    }
}
