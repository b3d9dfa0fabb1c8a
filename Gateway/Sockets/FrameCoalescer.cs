using System.Buffers;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>Joins waiting frames into one write: frame behind frame for a plain client, one <c>batch</c> frame for an
/// extended one.</summary>
internal static class FrameCoalescer
{
    /// <summary>The most frames in one batch, as for clients.</summary>
    private const int BatchCountMax = 100;

    private const int WriteBytesMax = 64 * 1_024;
    private const int HeaderBytesMax = 10;

    private static ReadOnlySpan<byte> BatchStart => """{"type":"batch","frames":["""u8;

    private static ReadOnlySpan<byte> BatchEnd => "]}"u8;

    /// <summary>Takes frames from the front of the queue: at least one, at most <see cref="WriteBytesMax"/>
    /// bytes.</summary>
    public static Chunk Take(Queue<EncodedFrame>? waiting, bool makesBatches, out int takenBytes)
    {
        takenBytes = 0;
        if (waiting is null || !waiting.TryDequeue(out var first))
        {
            return default;
        }

        takenBytes = first.Wire.Length;
        if (!CanFollow(first, waiting, makesBatches, takenBytes))
        {
            return new Chunk(first.Wire, rented: null);
        }

        var some = new List<EncodedFrame> { first };
        while (some.Count < BatchCountMax && CanFollow(some[^1], waiting, makesBatches, takenBytes))
        {
            some.Add(waiting.Dequeue());
            takenBytes += some[^1].Wire.Length;
        }

        return makesBatches ? Batch(some) : Row(some, takenBytes);
    }

    private static bool CanFollow(
        EncodedFrame last, Queue<EncodedFrame> waiting, bool makesBatches, int takenBytes) =>
        waiting.TryPeek(out var next)
        && takenBytes + next.Wire.Length <= WriteBytesMax
        && (!makesBatches || (last.IsText && next.IsText));

    private static Chunk Row(List<EncodedFrame> frames, int bytes)
    {
        var target = ArrayPool<byte>.Shared.Rent(bytes);
        var written = 0;
        foreach (var frame in frames)
        {
            frame.Wire.Span.CopyTo(target.AsSpan(written));
            written += frame.Wire.Length;
        }

        return new Chunk(target.AsMemory(0, written), target);
    }

    private static Chunk Batch(List<EncodedFrame> frames)
    {
        var commaBytes = frames.Count - 1;
        var payloadBytes =
            BatchStart.Length + frames.Sum(frame => frame.Payload.Length) + commaBytes + BatchEnd.Length;
        var target = ArrayPool<byte>.Shared.Rent(HeaderBytesMax + payloadBytes);
        var written = EncodedFrame.WriteTextHeader(target, payloadBytes);
        BatchStart.CopyTo(target.AsSpan(written));
        written += BatchStart.Length;
        for (var i = 0; i < frames.Count; i++)
        {
            if (i > 0)
            {
                target[written++] = (byte)',';
            }

            frames[i].Payload.Span.CopyTo(target.AsSpan(written));
            written += frames[i].Payload.Length;
        }

        BatchEnd.CopyTo(target.AsSpan(written));
        return new Chunk(target.AsMemory(0, written + BatchEnd.Length), target);
    }

    /// <summary>Bytes for one write; disposing gives a rented buffer back.</summary>
    internal readonly struct Chunk(ReadOnlyMemory<byte> bytes, byte[]? rented) : IDisposable
    {
        public ReadOnlyMemory<byte> Bytes => bytes;

        public void Dispose()
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
