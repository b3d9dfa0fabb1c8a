namespace NewLoom.Tests.Durability;

/// <summary>Counts events, and acts at a certain one: at once, on the thread that counts it.</summary>
internal sealed class Tally
{
    private int _left;
    private Action? _action;

    /// <summary>Acts at the <paramref name="count"/>th event from now on; one arming at a time.</summary>
    /// <returns>Ends after the action.</returns>
    public Task ActAfter(int count, Action? action = null)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _action = () =>
        {
            action?.Invoke();
            done.SetResult();
        };
        Volatile.Write(ref _left, count);
        return done.Task;
    }

    public void Add()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _action!();
        }
    }
}
