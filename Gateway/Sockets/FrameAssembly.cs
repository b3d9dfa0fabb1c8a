using System.Buffers;

namespace NewLoom.Gateway.Sockets;

/// <summary>The frame that is arriving, put together from its pieces in a rented buffer that grows with them.</summary>
/// <remarks>A piece is what one receive gives: a fragment, or as much of it as has arrived. Their number is bounded
/// because a fragment may be empty, so that bytes alone would let a frame go on for ever.</remarks>
internal sealed class FrameAssembly
{
    /// <summary>The largest frame.</summary>
    public const int FrameBytesMax = 64 * 1_024;

    /// <summary>The most pieces: 16 bytes in each fill the largest frame.</summary>
    public const int PiecesMax = 4_096;

    private const int FirstBufferBytes = 1_024;

    private byte[]? _buffer;
    private int _count;
    private int _pieces;

    /// <summary>What has arrived.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _count);

    /// <summary>How many bytes are rented: at most twice what has arrived, or 1 KiB.</summary>
    public int RentedBytes => _buffer?.Length ?? 0;

    /// <summary>Room for the next piece, never empty.</summary>
    public Memory<byte> Space()
    {
        if (_count == FrameBytesMax)
        {
            return new byte[1];    // shows whether the frame goes on; that is never kept
        }

        if (_buffer is null || _count == _buffer.Length)
        {
            Grow();
        }

        return _buffer.AsMemory(_count, Math.Min(_buffer!.Length, FrameBytesMax) - _count);
    }

    /// <summary>Takes in what was put into <see cref="Space"/>.</summary>
    /// <returns>False when the frame is too large, or in too many pieces.</returns>
    public bool TryAdd(int byteCount)
    {
        if (_count + byteCount > FrameBytesMax)
        {
            return false;
        }

        _count += byteCount;
        return ++_pieces <= PiecesMax;
    }

    /// <summary>Gives the buffer back, for the next frame to begin.</summary>
    public void Reset()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        (_buffer, _count, _pieces) = (null, 0, 0);
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBufferBytes, _count * 2));
        if (_buffer is not null)
        {
            _buffer.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }
}
