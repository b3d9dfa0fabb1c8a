using System.Buffers.Binary;

namespace NewLoom.Bench.Sockets;

/// <summary>Cuts what a server sends into frames, however the network has split it.</summary>
/// <remarks>RFC 6455 §5.2; no extensions, no fragments, and no masks, which a server must not use.</remarks>
public sealed class FrameReader
{
    /// <summary>Bytes that a frame, or the answer to the upgrade, may have. More is an error.</summary>
    public const int FrameBytesMax = 1 << 20;

    private const int BytesAtFirst = 2048;
    private const int ControlBytesMax = 125;

    private byte[] _buffer = new byte[BytesAtFirst];
    private int _start;
    private int _end;

    /// <summary>What was received and not yet read.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start.._end);

    /// <summary>Room for what comes next, never empty.</summary>
    /// <exception cref="InvalidDataException">A frame is larger than <see cref="FrameBytesMax"/>.</exception>
    public Memory<byte> FreeSpace()
    {
        if (_start > 0)
        {
            Unread.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_end >= FrameBytesMax)
            {
                throw new InvalidDataException($"The server sent more than {FrameBytesMax} bytes in a frame.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Says how many bytes were put into <see cref="FreeSpace"/>.</summary>
    public void Received(int byteCount) => _end += byteCount;

    /// <summary>Passes over unread bytes.</summary>
    public void Skip(int byteCount) => _start += byteCount;

    /// <summary>Takes the next whole frame.</summary>
    /// <returns>False while a part of it is missing.</returns>
    /// <exception cref="InvalidDataException">A server must not send such a frame.</exception>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        var unread = Unread;
        if (unread.Length < 2)
        {
            return false;
        }

        if ((unread[0] & 0xF0) != 0x80 || (unread[0] & 0xF) == (int)Opcode.Continuation || unread[1] > 127)
        {
            throw new InvalidDataException("The server sent a frame that is fragmented, masked or compressed.");
        }

        if ((unread[0] & 0x8) != 0 && unread[1] > ControlBytesMax)
        {
            throw new InvalidDataException($"The server sent a control frame of more than {ControlBytesMax} bytes.");
        }

        if (!TryReadLength(unread, out var headerBytes, out var payloadBytes)
            || (ulong)(unread.Length - headerBytes) < payloadBytes)
        {
            return false;
        }

        frame = new Frame((Opcode)(unread[0] & 0xF), unread.Slice(headerBytes, (int)payloadBytes));
        Skip(headerBytes + (int)payloadBytes);
        return true;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> unread, out int headerBytes, out ulong payloadBytes)
    {
        payloadBytes = unread[1];
        headerBytes = payloadBytes switch { 126 => 4, 127 => 10, _ => 2 };
        if (unread.Length < headerBytes)
        {
            return false;
        }

        payloadBytes = payloadBytes switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(unread[2..]),
            127 => BinaryPrimitives.ReadUInt64BigEndian(unread[2..]),
            _ => payloadBytes,
        };
        return true;
    }
}
