using System.Net;
using System.Net.WebSockets;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Security;

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
    private readonly TimeProvider _time;
    private WebSocket? _webSocket;
    private SocketStream? _stream;
    private Task? _closed;
    private long _pingedAt;
    private long _askAt = long.MaxValue;
    private volatile bool _isClosing;
    private CloseCode _closeCode;
    private Identity _identity = Identity.Nobody;
    private CloseCode? _closeAfterFrame;
    private bool _isInFrame;

    /// <param name="isExtended">Whether the client speaks <c>newloom.v1</c>.</param>
    /// <param name="scope">Which topics it receives without being asked; null when the client said it wrongly.</param>
    /// <param name="limits">What it may do.</param>
    /// <param name="time">The clock.</param>
    public ClientSocket(bool isExtended, TopicScope? scope, SocketLimitOptions limits, TimeProvider time)
    {
        _time = time;
        IsExtended = isExtended;
        HasValidScope = scope is not null;
        Scope = scope ?? TopicScope.None;
        Outbox = new Outbox(limits.WaitingBytes, isExtended);
        Budget = new FrameBudget(limits, time);
        _pingedAt = time.GetTimestamp();
    }

    /// <summary>Names the socket in the whole service.</summary>
    public string ConnectionId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Who is behind it; anew when the client authenticates anew, but always the same user.</summary>
    public Identity Identity
    {
        get => Volatile.Read(ref _identity);
        set => Volatile.Write(ref _identity, value);
    }

    public string User => Identity.User;

    /// <summary>Where it comes from, if that is known.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Where its refusals are told, if anywhere.</summary>
    public SecurityEvents? Events { get; set; }

    /// <summary>Whether its credential is to be asked about.</summary>
    public bool IsAskDue => _time.GetTimestamp() >= Volatile.Read(ref _askAt);

    /// <summary>Whether the client speaks <c>newloom.v1</c>.</summary>
    public bool IsExtended { get; }

    /// <summary>Which topics it receives without being asked.</summary>
    public TopicScope Scope { get; }

    /// <summary>Whether the client said that as it should.</summary>
    public bool HasValidScope { get; }

    /// <summary>Topics that it has received since it opened, so that it can be found in them when it ends.</summary>
    public NotedTopics Topics { get; } = new();

    public Outbox Outbox { get; }

    public FrameBudget Budget { get; }

    /// <summary>What it is used for; set before anything can be asked of it.</summary>
    public ISocketSession Session { get; set; } = null!;

    /// <summary>What takes its next frame while nobody knows who is behind it; else null.</summary>
    public FirstFrame? FirstFrame { get; set; }

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

    /// <summary>Lets its credential be asked about after so long.</summary>
    public void AskIn(TimeSpan wait) => Volatile.Write(
        ref _askAt, _time.GetTimestamp() + (long)(wait.TotalSeconds * _time.TimestampFrequency));

    /// <summary>Its credential ends at another time than was known; harmless when it rests on another one by
    /// now.</summary>
    public void Prolong(Identity identity, DateTimeOffset expiresAt) =>
        Interlocked.CompareExchange(ref _identity, identity with { ExpiresAt = expiresAt }, identity);

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

    /// <summary>Sends an error, and says so where it is a refusal.</summary>
    public void Send(ErrorNotice error)
    {
        Send(EncodedFrame.Of(error));
        if (SocketRefusals.Of(error) is { } kind)
        {
            NoteRefusal(kind);
        }
    }

    /// <summary>Answers a frame with an error; too many of them end the socket.</summary>
    public void Refuse(ErrorNotice error)
    {
        Send(error);
        if (!Budget.TryRefuse() && Close(CloseCode.TooMany))
        {
            NoteRefusal(RefusalKind.RefusedFrames);
        }
    }

    /// <summary>Closes the socket: after what waits, or at once for a reader who would not read it anyway.</summary>
    /// <returns>False when it was being closed already.</returns>
    public bool Close(CloseCode code)
    {
        lock (_closing)
        {
            if (_isClosing)
            {
                return false;
            }

            (_isClosing, _closeCode) = (true, code);
            _closed = _webSocket is null ? null : CloseAsync(code);
        }

        if (SocketRefusals.Of(code) is { } kind)
        {
            NoteRefusal(kind);
        }

        return true;
    }

    /// <summary>Closes the socket when the frame that is being handled has been answered; at once when none
    /// is.</summary>
    public void CloseAfterFrame(CloseCode code)
    {
        lock (_closing)
        {
            if (_isInFrame)
            {
                _closeAfterFrame = code;
                return;
            }
        }

        Close(code);
    }

    /// <summary>Begins with a frame.</summary>
    /// <returns>False when the socket is being closed: its frames are handled no more.</returns>
    public bool TryBeginFrame()
    {
        lock (_closing)
        {
            return _isInFrame = !_isClosing;
        }
    }

    /// <summary>The frame has been answered.</summary>
    public void EndFrame()
    {
        CloseCode? code;
        lock (_closing)
        {
            _isInFrame = false;
            code = _closeAfterFrame;
        }

        if (code is { } due)
        {
            Close(due);
        }
    }

    /// <summary>Says that it was refused something.</summary>
    public void NoteRefusal(RefusalKind kind) =>
        Events?.Refused(kind, Identity == Identity.Nobody ? null : User, Address);

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
