using System.Text;
using NewLoom.Bench.Sockets;

namespace NewLoom.Bench.Fuzzing;

/// <summary>Puts the frames of a <see cref="FrameFuzzer"/> on the wire: whole or in pieces, with control frames
/// between, and now and then against the rules of WebSocket.</summary>
public sealed class WireFuzzer(FrameFuzzer frames, string id)
{
    private const int FrameBytesMax = 64 * 1_024;
    private const int PieceBytesMax = 60_000;

    private Random Random => frames.Random;

    /// <summary>Whether anything so far broke the rules of WebSocket, for which the server may end the
    /// connection.</summary>
    public bool HasBrokenRules { get; private set; }

    /// <summary>Whether anything so far was larger than a frame may be, or in too many pieces.</summary>
    public bool WasTooLarge { get; private set; }

    /// <summary>Starts with a new connection.</summary>
    public void Reset() => (HasBrokenRules, WasTooLarge) = (false, false);

    /// <summary>The bytes of the next frame.</summary>
    public byte[] Next()
    {
        if (Random.Next(500) == 0)
        {
            HasBrokenRules = true;
            var garbage = new byte[Random.Next(1, 40)];
            Random.NextBytes(garbage);
            return garbage;
        }

        var text = Encoding.UTF8.GetString(frames.Next()).Replace("@", id, StringComparison.Ordinal);
        var payload = Encoding.UTF8.GetBytes(text);
        if (Random.Next(300) == 0 && payload.Length > 0)
        {
            HasBrokenRules = true;    // text must be UTF-8 (RFC 6455 §5.6)
            payload[Random.Next(payload.Length)] = 0xFF;
        }

        WasTooLarge |= payload.Length > FrameBytesMax;
        return Wire(Random.Next(50) == 0 ? Opcode.Binary : Opcode.Text, payload);
    }

    private byte[] Wire(Opcode opcode, byte[] payload)
    {
        if (Random.Next(4) != 0 && payload.Length <= PieceBytesMax)
        {
            return RawFrames.Of(opcode, payload);
        }

        var bytes = new List<byte>();
        var isFirst = true;
        for (var at = 0; ;)
        {
            var count = Math.Min(payload.Length - at, Random.Next(Random.Next(4) == 0 ? 3 : PieceBytesMax));
            var isFinal = at + count == payload.Length && Random.Next(4) != 0;
            bytes.AddRange(RawFrames.Of(isFirst ? opcode : Opcode.Continuation, payload.AsSpan(at, count), isFinal));
            (at, isFirst) = (at + count, false);
            if (isFinal)
            {
                return [.. bytes];
            }

            if (Random.Next(10) == 0)
            {
                bytes.AddRange(RawFrames.Of(Random.Next(2) == 0 ? Opcode.Ping : Opcode.Pong, "p"u8));
            }
        }
    }
}
