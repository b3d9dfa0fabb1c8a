using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NewLoom.Bench.Deliveries;
using NewLoom.Bench.Rooms;
using NewLoom.Bench.Sockets;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Attacks;

/// <summary>One client that sends a message every so often and takes the time until it is confirmed.</summary>
/// <remarks>It has a thread and a blocking socket to itself: it must not wait for the attackers of its own
/// process.</remarks>
public sealed class WellBehavedClient : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);
    private const long Interval = 60 * (MonotonicClock.Second / 1_000);    // below 20 a second

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly FrameReader _reader = new();
    private readonly MonotonicClock _clock;
    private readonly SocketTarget _target;
    private readonly Uri _server;
    private readonly Thread _thread;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private LatencyHistogram _latency = new();
    private volatile string? _trouble;

    /// <summary>Connects and begins.</summary>
    public WellBehavedClient(Uri server, SocketTarget target, MonotonicClock clock)
    {
        (_server, _target, _clock) = (server, target, clock);
        _socket.NoDelay = true;
        _socket.ReceiveTimeout = (int)AnswerLimit.TotalMilliseconds;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _thread = new Thread(Run) { Name = "well-behaved client", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Why it could not go on, or null.</summary>
    public string? Trouble => _trouble;

    /// <summary>What was measured since the last time it was taken.</summary>
    public LatencyHistogram Take()
    {
        lock (_gate)
        {
            var taken = _latency;
            _latency = new LatencyHistogram();
            return taken;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _ending.Cancel();
        _thread.Join();
        _socket.Dispose();
        _ending.Dispose();
    }

    private void Run()
    {
        try
        {
            Open();
            var due = _clock.Nanoseconds;
            for (var number = 0; !_ending.IsCancellationRequested; number++)
            {
                while (due - _clock.Nanoseconds is > 0 and var left && !_ending.IsCancellationRequested)
                {
                    PreciseWait.Wait(left, _ending.Token);
                }

                Send(number);
                lock (_gate)
                {
                    // From when it was due: a stall shows in all that should have been sent meanwhile.
                    _latency.Add((_clock.Nanoseconds - due) / 1_000);
                }

                due += Interval;
            }
        }
        catch (Exception e) when (e is SocketException or InvalidDataException)
        {
            _trouble = e.Message;
        }
    }

    private void Open()
    {
        _socket.Connect(_server.Host, _server.Port);
        _socket.Send(Handshake.Request(_server.Authority, _target.Path));
        while (!Handshake.TryReadAnswer(_reader))
        {
            Receive();
        }
    }

    private void Send(int number)
    {
        var clientId = number.ToString(CultureInfo.InvariantCulture);
        _socket.Send(RawFrames.Of(Opcode.Text, Encoding.UTF8.GetBytes(
            $$"""{"type":"message","chat_id":{{_target.ChatId}},"content":"hi","client_id":"{{clientId}}"}""")));
        while (!IsConfirmed(clientId))
        {
            Receive();
        }
    }

    private bool IsConfirmed(string clientId)
    {
        while (_reader.TryRead(out var frame))
        {
            var text = Encoding.UTF8.GetString(frame.Payload);
            if (frame.Opcode == Opcode.Close || text.Contains("\"type\":\"error\"", StringComparison.Ordinal))
            {
                throw new InvalidDataException($"The well-behaved client was refused: {text}");
            }

            if (text.Contains("\"status\":\"sent\"", StringComparison.Ordinal)
                && text.Contains($"\"client_id\":\"{clientId}\"", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private void Receive()
    {
        var byteCount = _socket.Receive(_reader.FreeSpace().Span);
        if (byteCount == 0)
        {
            throw new InvalidDataException("The server dropped the well-behaved client.");
        }

        _reader.Received(byteCount);
    }
}
