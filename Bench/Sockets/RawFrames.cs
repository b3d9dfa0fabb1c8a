namespace NewLoom.Bench.Sockets;

/// <summary>Bytes for a <see cref="RawSocket"/>.</summary>
public static class RawFrames
{
    private const uint Mask = 0x5EED_F00D;

    /// <summary>One frame.</summary>
    public static byte[] Of(Opcode opcode, ReadOnlySpan<byte> payload, bool isFinal = true)
    {
        var frame = new byte[FrameWriter.HeaderBytesMax + payload.Length];
        return frame[..FrameWriter.Write(frame, opcode, payload, Mask, isFinal)];
    }

    /// <summary>One message in pieces of so many bytes.</summary>
    public static byte[] InPieces(Opcode opcode, ReadOnlySpan<byte> payload, int pieceBytes)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < payload.Length; at += pieceBytes)
        {
            var piece = payload[at..Math.Min(at + pieceBytes, payload.Length)];
            var isFinal = at + pieceBytes >= payload.Length;
            bytes.AddRange(Of(at == 0 ? opcode : Opcode.Continuation, piece, isFinal));
        }

        return [.. bytes];
    }

    /// <summary>The same frame many times.</summary>
    public static byte[] Repeat(byte[] frame, int count)
    {
        var bytes = new byte[frame.Length * count];
        for (var i = 0; i < count; i++)
        {
            frame.CopyTo(bytes, i * frame.Length);
        }

        return bytes;
    }
}
