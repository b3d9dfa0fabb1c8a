using System.Net.WebSockets;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>One open chat socket: who is behind it, what it receives, and its way out.</summary>
internal sealed class ChatSocket : IAsyncDisposable
{
    /// <summary>How long a client has to answer a close frame.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _closing = new();
    private readonly HashSet<long> _chats = [];
    private readonly TimeProvider _time;
    private WebSocket? _webSocket;
    private SocketStream? _stream;
    private Task? _closed;
    private long _pingedAt;
    private volatile bool _isClosing;
    private CloseCode _closeCode;

    public ChatSocket(Identity identity, bool isExtended, ChatScope scope, SocketLimitOptions limits, TimeProvider time)
    {
        Identity = identity;
        IsExtended = isExtended;
        Scope = scope;
        Outbox = new Outbox(limits.WaitingBytes, isExtended);
        Budget = new FrameBudget(limits, time);
        _time = time;
        _pingedAt = time.GetTimestamp();
    }

    /// <summary>Names the socket in the whole service.</summary>
    public string ConnectionId { get; } = Guid.NewGuid().ToString("N");

    public Identity Identity { get; }

    public string User => Identity.User;

    /// <summary>Whether the client speaks <c>newloom.v1</c>.</summary>
    public bool IsExtended { get; }

    /// <summary>Which chats it receives without being asked.</summary>
    public ChatScope Scope { get; }

    public Outbox Outbox { get; }

    public FrameBudget Budget { get; }

    /// <summary>Chats in which this socket said that its user types. Used by the reading loop alone.</summary>
    public HashSet<long> TypingIn { get; } = [];

    /// <summary>Ends with the socket.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>How long nothing has arrived from the client.</summary>
    public TimeSpan Silence => _stream?.Silence ?? TimeSpan.Zero;

    /// <summary>Whether it is being closed: no frame of it is handled any more.</summary>
    public bool IsClosing => _isClosing;

    /// <summary>Whether this is the time for the next ping; says so once.</summary>
    public bool IsPingDue(TimeSpan interval)
    {
        if (_webSocket is null || _time.GetElapsedTime(_pingedAt) < interval)
        {
            return false;
        }

        _pingedAt = _time.GetTimestamp();
        return true;
    }

    /// <summary>Remembers a chat that the socket receives, so that it can be found when the socket ends.</summary>
    public void NoteChat(long chatId)
    {
        lock (_chats)
        {
            _chats.Add(chatId);
        }
    }

    /// <summary>All chats that it has received since it opened.</summary>
    public long[] NotedChats()
    {
        lock (_chats)
        {
            return [.. _chats];
        }
    }

    /// <summary>Lets the socket speak: the first frame, then whatever has been collected since, and the close frame if
    /// it was closed meanwhile.</summary>
    public void Attach(WebSocket webSocket, SocketStream stream, EncodedFrame? first)
    {
        _stream = stream;
        stream.Outbox = Outbox;
        Outbox.Attach(stream, first);
        lock (_closing)
        {
            _webSocket = webSocket;
            if (_isClosing)
            {
                _closed = CloseAsync(_closeCode);    // closed before it could speak
            }
        }
    }

    /// <summary>Sends a frame, or closes the socket when its reader is too slow.</summary>
    public void Send(EncodedFrame frame)
    {
        // No data follows a close frame (RFC 6455 §5.5.1).
        if (!_isClosing && !Outbox.TrySend(frame))
        {
            Close(CloseCode.SlowReader);
        }
    }

    public void Send(ServerFrame frame) => Send(EncodedFrame.Of(frame));

    /// <summary>Answers a frame with an error; too many of them end the socket.</summary>
    public void Refuse(ErrorNotice error)
    {
        Send(error);
        if (!Budget.TryRefuse())
        {
            Close(CloseCode.TooMany);
        }
    }

    /// <summary>Closes the socket: after what waits, or at once for a reader who would not read it anyway.</summary>
    public void Close(CloseCode code)
    {
        lock (_closing)
        {
            if (_isClosing)
            {
                return;
            }

            (_isClosing, _closeCode) = (true, code);
            _closed = _webSocket is null ? null : CloseAsync(code);
        }
    }

    /// <summary>Ends the socket's work after its reading has ended; a close frame still goes out.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? closed;
        lock (_closing)
        {
            closed = _closed;
            _isClosing = true;
        }

        if (closed is not null)
        {
            await closed;
            await Task.WhenAny(Outbox.Idle, Task.Delay(CloseTimeout, _time));
        }

        await _ending.CancelAsync();
        Outbox.Close();
        _stream?.Abort();
        await Outbox.Idle;
        _webSocket?.Dispose();
        _ending.Dispose();
    }

    private async Task CloseAsync(CloseCode code)
    {
        if (code == CloseCode.SlowReader)
        {
            Outbox.DropWaiting();
        }

        try
        {
            await _webSocket!.CloseOutputAsync((WebSocketCloseStatus)code, code.Reason(), CancellationToken.None);
            _ending.CancelAfter(CloseTimeout);
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException)
        {
            _stream!.Abort();
        }
    }
}
