using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;

namespace NewLoom.Gateway.Audience;

/// <summary>One socket's place in one chat. Guarded by its feed's lock.</summary>
/// <param name="socket">The socket.</param>
/// <param name="sentThrough">The last message that the socket has, or is being sent by the one who subscribes
/// it.</param>
/// <param name="authorizedAt">How many members the chat had removed when it said that this user is one.</param>
internal sealed class Subscription(ChatSocket socket, long sentThrough, int authorizedAt)
{
    /// <summary>Live messages that may pass while one socket reads what it missed.</summary>
    private const int HeldCountMax = 2_000;

    private List<EncodedFrame>? _held;

    public ChatSocket Socket { get; } = socket;

    /// <summary>The message after which live ones follow.</summary>
    public long SentThrough { get; } = sentThrough;

    /// <summary>Updated when the chat has confirmed the membership again.</summary>
    public int AuthorizedAt { get; set; } = authorizedAt;

    /// <summary>Keeps live messages back until <see cref="Release"/>, while older ones are read from the log.</summary>
    public void Hold() => _held = [];

    /// <summary>Sends what was held back; from here on messages are sent as they come.</summary>
    public void Release()
    {
        foreach (var frame in _held ?? [])
        {
            Socket.Send(frame);
        }

        _held = null;
    }

    /// <summary>Passes a live message on, unless the socket has it.</summary>
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
            _held.Add(frame);
        }
        else
        {
            Socket.Close(CloseCode.SlowReader);
        }
    }
}
