using System.Buffers.Binary;

namespace NewLoom.Bench.Sockets;

/// <summary>Writes frames as a client must: masked. (RFC 6455 §5.2, §5.3)</summary>
public static class FrameWriter
{
    /// <summary>Bytes that a frame has beside its payload, at most.</summary>
    public const int HeaderBytesMax = 8;

    /// <summary>Payload bytes of a frame, at most: what a 16-bit length can say.</summary>
    public const int PayloadBytesMax = ushort.MaxValue;

    /// <summary>Writes one frame.</summary>
    /// <param name="destination">At least <see cref="HeaderBytesMax"/> bytes longer than the payload.</param>
    /// <param name="opcode">What the frame is.</param>
    /// <param name="payload">At most <see cref="PayloadBytesMax"/> bytes.</param>
    /// <param name="mask">Any four bytes; the payload is XORed with them.</param>
    /// <param name="isFinal">Whether the message ends with it.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(
        Span<byte> destination, Opcode opcode, ReadOnlySpan<byte> payload, uint mask, bool isFinal = true)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, PayloadBytesMax);
        destination[0] = (byte)((isFinal ? 0x80 : 0) | (int)opcode);
        var at = 2;
        if (payload.Length < 126)
        {
            destination[1] = (byte)(0x80 | payload.Length);
        }
        else
        {
            destination[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)payload.Length);
            at = 4;
        }

        var key = destination.Slice(at, 4);
        BinaryPrimitives.WriteUInt32BigEndian(key, mask);
        at += 4;
        for (var i = 0; i < payload.Length; i++)
        {
            destination[at + i] = (byte)(payload[i] ^ key[i & 3]);
        }

        return at + payload.Length;
    }
}
