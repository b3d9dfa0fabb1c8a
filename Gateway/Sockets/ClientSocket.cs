using System.Net;
using System.Net.WebSockets;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>One open socket: who is behind it, what it receives, and its way out.</summary>
internal sealed class ClientSocket : IAsyncDisposable
{
    /// <summary>How long a client has to answer a close frame.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a client that broke a rule may take to see that.</summary>
    private static readonly TimeSpan DiscardTimeout = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _closing = new();
    private readonly HashSet<long> _topics = [];
    private readonly TimeProvider _time;
    private WebSocket? _webSocket;
    private SocketStream? _stream;
    private Task? _closed;
    private long _pingedAt;
    private long _checkedAt;
    private volatile bool _isClosing;
    private CloseCode _closeCode;

    public ClientSocket(Identity identity, bool isExtended, TopicScope scope, SocketLimitOptions limits, TimeProvider time)
    {
        _time = time;
        Identity = identity;
        IsExtended = isExtended;
        Scope = scope;
        Outbox = new Outbox(limits.WaitingBytes, isExtended);
        Budget = new FrameBudget(limits, time);
        _pingedAt = time.GetTimestamp();
        _checkedAt = _pingedAt;
    }

    /// <summary>Names the socket in the whole service.</summary>
    public string ConnectionId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Who is behind it; anew when the client authenticates anew, but always the same user.</summary>
    public Identity Identity
    {
        get;
        set
        {
            field = value;
            NoteCheck();
        }
    }

    public string User => Identity.User;

    /// <summary>Where it comes from, if that is known.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>How long its credential has not been asked about.</summary>
    public TimeSpan SinceCheck => _time.GetElapsedTime(Volatile.Read(ref _checkedAt));

    /// <summary>Whether its credential is to be asked about as soon as possible.</summary>
    public bool CheckIsDue { get; set; }

    /// <summary>Whether the client speaks <c>newloom.v1</c>.</summary>
    public bool IsExtended { get; }

    /// <summary>Which topics it receives without being asked.</summary>
    public TopicScope Scope { get; }

    public Outbox Outbox { get; }

    public FrameBudget Budget { get; }

    /// <summary>What it is used for; set before anything can be asked of it.</summary>
    public ISocketSession Session { get; set; } = null!;

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

    /// <summary>It has brought a whole frame.</summary>
    public void NoteFrame() => _stream?.NoteFrame();

    /// <summary>Lets go of what the client has sent beyond what was read, so that the close frame reaches it: a
    /// connection that is closed with bytes unread is reset.</summary>
    public Task DiscardAsync() => _stream?.DiscardAsync(DiscardTimeout) ?? Task.CompletedTask;

    /// <summary>Its credential has just been asked about.</summary>
    public void NoteCheck()
    {
        CheckIsDue = false;
        Volatile.Write(ref _checkedAt, _time.GetTimestamp());
    }

    /// <summary>Remembers a topic that the socket receives, so that it can be found when the socket ends.</summary>
    public void NoteTopic(long topicId)
    {
        lock (_topics)
        {
            _topics.Add(topicId);
        }
    }

    /// <summary>All topics that it has received since it opened.</summary>
    public long[] NotedTopics()
    {
        lock (_topics)
        {
            return [.. _topics];
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
