using System.Collections.Concurrent;

namespace NewLoom.Bench.Fuzzing;

/// <summary>What a fuzzing run has sent and seen so far; from any thread.</summary>
public sealed class FuzzBooks
{
    private readonly ConcurrentDictionary<int, int> _closes = new();
    private long _frames;
    private long _replies;
    private int _sockets;
    private int _troubles;
    private string? _firstTrouble;

    /// <summary>Frames sent.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>Frames received.</summary>
    public long Replies => Interlocked.Read(ref _replies);

    /// <summary>Sockets opened.</summary>
    public int Sockets => _sockets;

    /// <summary>What must not be.</summary>
    public int Troubles => _troubles;

    /// <summary>The first of them.</summary>
    public string? FirstTrouble => _firstTrouble;

    /// <summary>Close codes and how often they came.</summary>
    public IReadOnlyDictionary<int, int> Closes => _closes;

    /// <summary>Counts one frame sent.</summary>
    /// <returns>How many have been.</returns>
    public long Sent() => Interlocked.Increment(ref _frames);

    /// <summary>Counts one frame received.</summary>
    public void Received() => Interlocked.Increment(ref _replies);

    /// <summary>Counts one socket opened.</summary>
    public void Opened() => Interlocked.Increment(ref _sockets);

    /// <summary>Counts one close.</summary>
    public void Closed(int code) => _closes.AddOrUpdate(code, 1, (_, count) => count + 1);

    /// <summary>Notes what must not be.</summary>
    public void Trouble(string what)
    {
        Interlocked.Increment(ref _troubles);
        Interlocked.CompareExchange(ref _firstTrouble, what, null);
    }
}
