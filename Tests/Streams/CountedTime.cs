using Microsoft.Extensions.Time.Testing;

namespace NewLoom.Tests.Streams;

/// <summary>A clock that the test moves, and that knows the timers that wait on it.</summary>
internal sealed class CountedTime() : FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56))
{
    private int _timerCount;

    /// <summary>How many timers there are that were not disposed.</summary>
    public int TimerCount => Volatile.Read(ref _timerCount);

    /// <summary>The longest time that a timer was ever set to wait.</summary>
    public TimeSpan LongestWait { get; private set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _timerCount);
        Note(dueTime);
        return new Timer(this, base.CreateTimer(callback, state, dueTime, period));
    }

    private void Note(TimeSpan wait) => LongestWait = wait > LongestWait ? wait : LongestWait;

    private sealed class Timer(CountedTime time, ITimer timer) : ITimer
    {
        private int _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Note(dueTime);
            return timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                Interlocked.Decrement(ref time._timerCount);
            }

            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
