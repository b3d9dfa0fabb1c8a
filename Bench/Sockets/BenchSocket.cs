using System.Buffers.Binary;
using System.Net.Sockets;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Sockets;

/// <summary>One WebSocket with no more to it than the benchmark needs: a thousand of them must cost little.</summary>
public sealed class BenchSocket : IDisposable
{
    private readonly Socket _socket;
    private readonly FrameReader _reader = new();
    private readonly Lock _sending = new();
    private readonly int _number;
    private volatile bool _open = true;
    private volatile bool _leaving;
    private volatile string? _sendFailure;

    private BenchSocket(int number, Socket socket)
    {
        _number = number;
        _socket = socket;
    }

    /// <summary>Whether it can send: upgraded, and closed by neither side.</summary>
    public bool Open => _open && !_leaving;

    /// <summary>Connects and upgrades.</summary>
    /// <exception cref="SocketException">The server can't be reached.</exception>
    /// <exception cref="InvalidDataException">The server refused the upgrade.</exception>
    public static async Task<BenchSocket> ConnectAsync(
        int number, Uri server, string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var result = new BenchSocket(number, socket);
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
            await socket.SendAsync(Handshake.Request(server.Authority, path), cancellationToken);
            do
            {
                var count = await socket.ReceiveAsync(result._reader.FreeSpace(), cancellationToken);
                if (count == 0)
                {
                    throw new InvalidDataException("The server closed the connection during the upgrade.");
                }

                result._reader.Received(count);
            }
            while (!Handshake.TryReadAnswer(result._reader));

            // Sends never wait: a server that does not read must not hold up the schedule of the others.
            socket.Blocking = false;
            return result;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads until the socket ends.</summary>
    public async Task ListenAsync(ISocketListener listener, MonotonicClock clock)
    {
        var reason = "the server ended the connection";
        try
        {
            while (TryReadFrames(listener, clock.Nanoseconds, ref reason))
            {
                var count = await _socket.ReceiveAsync(_reader.FreeSpace());
                if (count == 0)
                {
                    break;
                }

                _reader.Received(count);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidDataException or ObjectDisposedException)
        {
            reason = e.Message;
        }

        _open = false;
        if (!_leaving)
        {
            listener.Closed(_number, _sendFailure ?? reason);
        }
    }

    /// <summary>Sends one text frame now, or not at all.</summary>
    /// <returns>False when the socket is closed, or the server reads so little that the kernel's buffer is full;
    /// the socket is closed then.</returns>
    public bool TrySend(ReadOnlySpan<byte> text) => Open && TrySend(Opcode.Text, text);

    /// <summary>Says goodbye; the server then ends the connection, and with it <see cref="ListenAsync"/>.</summary>
    public void Leave()
    {
        _leaving = true;
        Span<byte> normal = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(normal, 1000);
        TrySend(Opcode.Close, normal);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _leaving = true;
        lock (_sending)
        {
            _open = false;
            _socket.Dispose();
        }
    }

    private bool TryReadFrames(ISocketListener listener, long now, ref string reason)
    {
        while (_reader.TryRead(out var frame))
        {
            switch (frame.Opcode)
            {
                case Opcode.Text:
                    listener.Received(_number, frame.Payload, now);
                    break;
                case Opcode.Ping:
                    TrySend(Opcode.Pong, frame.Payload);
                    break;
                case Opcode.Close:
                    reason = frame.Payload.Length < 2
                        ? "close without a code"
                        : $"close code {BinaryPrimitives.ReadUInt16BigEndian(frame.Payload)}";
                    return false;
            }
        }

        return true;
    }

    private bool TrySend(Opcode opcode, ReadOnlySpan<byte> payload)
    {
        Span<byte> frame = stackalloc byte[payload.Length + FrameWriter.HeaderBytesMax];
        var byteCount = FrameWriter.Write(frame, opcode, payload, (uint)Environment.TickCount);
        lock (_sending)
        {
            if (!_open || _socket.Send(frame[..byteCount], SocketFlags.None, out var error) == byteCount)
            {
                return _open;
            }

            // A frame cut short would spoil all that follow it, so the socket is given up.
            _sendFailure = error is SocketError.Success or SocketError.WouldBlock
                ? "the server reads too slowly"
                : $"sending failed: {error}";
            _open = false;
            _socket.Dispose();
            return false;
        }
    }
}
