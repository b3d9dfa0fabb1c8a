using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace NewLoom.Bench.Sockets;

/// <summary>A WebSocket that sends whatever bytes it is told to, for clients that keep no rules.</summary>
public sealed class RawSocket : IDisposable
{
    private readonly Socket _socket;
    private readonly FrameReader _reader = new();

    private RawSocket(Socket socket) => _socket = socket;

    /// <summary>The code of the server's close frame, once it has come; 0 when it holds none.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>Connects without a word.</summary>
    /// <param name="server">The gateway.</param>
    /// <param name="from">The local address to come from, or null for the usual one.</param>
    /// <param name="receiveBytes">How much the system takes in for a socket that does not read; null for the
    /// usual.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SocketException">The server can't be reached.</exception>
    public static async Task<RawSocket> ConnectAsync(
        Uri server, IPAddress? from, int? receiveBytes, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (receiveBytes is { } bytes)
            {
                socket.ReceiveBufferSize = bytes;
            }

            if (from is not null)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
            return new RawSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects and upgrades.</summary>
    /// <exception cref="SocketException">The server can't be reached.</exception>
    /// <exception cref="InvalidDataException">The server refused the upgrade.</exception>
    public static async Task<RawSocket> OpenAsync(
        Uri server, string path, CancellationToken cancellationToken, string? protocol = null, IPAddress? from = null,
        int? receiveBytes = null)
    {
        var socket = await ConnectAsync(server, from, receiveBytes, cancellationToken);
        try
        {
            await socket.SendAsync(Handshake.Request(server.Authority, path, protocol), cancellationToken);
            return await socket.TryReadAnswerAsync(cancellationToken)
                ? socket
                : throw new InvalidDataException("The server closed the connection during the upgrade.");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads the answer to the handshake.</summary>
    /// <returns>False when the connection ends before it has come.</returns>
    /// <exception cref="InvalidDataException">The server refused the upgrade.</exception>
    public async Task<bool> TryReadAnswerAsync(CancellationToken cancellationToken)
    {
        while (!Handshake.TryReadAnswer(_reader))
        {
            if (!await TryReceiveAsync(cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Sends all of the bytes, waiting for the server to take them.</summary>
    /// <exception cref="SocketException">The connection has ended.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
        }
    }

    /// <summary>The next text or pong frame.</summary>
    /// <returns>Null when the server has closed, or the connection has ended.</returns>
    public async Task<byte[]?> ReceiveAsync(CancellationToken cancellationToken)
    {
        do
        {
            while (_reader.TryRead(out var frame))
            {
                if (frame.Opcode == Opcode.Close)
                {
                    CloseCode = frame.Payload.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(frame.Payload);
                    return null;
                }

                if (frame.Opcode != Opcode.Ping)
                {
                    return frame.Payload.ToArray();
                }
            }
        }
        while (await TryReceiveAsync(cancellationToken));

        return null;
    }

    /// <summary>Reads to the end of the connection.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (await ReceiveAsync(cancellationToken) is not null)
        {
        }
    }

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();

    private async Task<bool> TryReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var byteCount = await _socket.ReceiveAsync(_reader.FreeSpace(), cancellationToken);
            _reader.Received(byteCount);
            return byteCount > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
