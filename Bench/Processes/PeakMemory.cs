namespace NewLoom.Bench.Processes;

/// <summary>Watches the server's memory until it is disposed.</summary>
public sealed class PeakMemory : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ProcessTree _server;
    private readonly PeriodicTimer _timer;
    private readonly Task _watching;
    private long _bytes;

    /// <summary>Starts watching.</summary>
    public PeakMemory(ProcessTree server, TimeProvider time)
    {
        _server = server;
        _timer = new PeriodicTimer(Interval, time);
        _watching = WatchAsync();
    }

    /// <summary>The most that was seen, looking four times a second.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _watching;
    }

    private async Task WatchAsync()
    {
        do
        {
            Interlocked.Exchange(ref _bytes, Math.Max(_bytes, _server.ResidentBytes()));
        }
        while (await _timer.WaitForNextTickAsync());
    }
}
