using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Streams;

namespace NewLoom.Gateway.Audience;

/// <summary>One socket's place in one topic. Guarded by its feed's lock.</summary>
/// <param name="socket">The socket.</param>
/// <param name="sentThrough">The last placed event that the socket has, or is being sent by the one who
/// subscribes it.</param>
/// <param name="authorizedAt">From how many users the topic had taken the access when it said that this one has
/// it.</param>
internal sealed class Subscription(ClientSocket socket, long sentThrough, int authorizedAt)
{
    /// <summary>Live events that may pass while one socket reads what it missed.</summary>
    private const int HeldCountMax = 2_000;

    private List<(EncodedFrame Frame, long Seq)>? _held;

    public ClientSocket Socket { get; } = socket;

    /// <summary>The placed event after which live ones follow.</summary>
    public long SentThrough { get; private set; } = sentThrough;

    /// <summary>Updated when the topic has confirmed the access again.</summary>
    public int AuthorizedAt { get; set; } = authorizedAt;

    /// <summary>The counters of a stream that the socket was sent last; null: none of the current execution.</summary>
    public StreamStats? Stats { get; set; }

    /// <summary>Keeps live events back until <see cref="Release"/>, while older ones are read from the log.</summary>
    public void Hold() => _held = [];

    /// <summary>The socket has more than was known when it was subscribed. Before the release.</summary>
    public void SkipThrough(long seq) => SentThrough = Math.Max(SentThrough, seq);

    /// <summary>Sends what was held back; from here on events are sent as they come.</summary>
    public void Release()
    {
        foreach (var (frame, seq) in _held ?? [])
        {
            if (seq > SentThrough)
            {
                Socket.Send(frame);
            }
        }

        _held = null;
    }

    /// <summary>Passes a placed event on, unless the socket has it.</summary>
    public void Offer(EncodedFrame frame, long seq)
    {
        if (seq <= SentThrough)
        {
            return;
        }

        if (_held is null)
        {
            Socket.Send(frame);
        }
        else if (_held.Count < HeldCountMax)
        {
            _held.Add((frame, seq));
        }
        else
        {
            Socket.Close(CloseCode.SlowReader);
        }
    }

    /// <summary>Passes counters on, unless the socket has them or later ones: they never fall.</summary>
    /// <param name="frame">The counters.</param>
    /// <param name="seq">The stream's last placed event with or before them.</param>
    /// <param name="stats">The same.</param>
    public void OfferStats(EncodedFrame frame, long seq, StreamStats stats)
    {
        if (seq >= SentThrough && (Stats is null || stats.IsAbove(Stats)))
        {
            Stats = stats;
            Socket.Send(frame);
        }
    }

    /// <summary>Passes final counters on, also ones that were sent before: a slow reader's outbox may have left those
    /// out. And lower ones: what was counted last may have died with its silo.</summary>
    public void OfferFinalStats(EncodedFrame frame, long seq, StreamStats stats)
    {
        if (seq > SentThrough)
        {
            Stats = stats;
            Socket.Send(frame);
        }
    }
}
