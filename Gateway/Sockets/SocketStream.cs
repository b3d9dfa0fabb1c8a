using System.Buffers;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>The connection as the framework's WebSocket sees it: it reads from the connection, and what it writes
/// (pongs and close frames) goes through the socket's <see cref="Outbox"/>.</summary>
/// <remarks>
/// <para>So there is one writer, frames are made once for all sockets, and every byte that arrives counts as a sign of
/// life, also a pong, which the framework's WebSocket would keep to itself.</para>
/// <para>Here alone pings, pongs and pieces of frames are seen, which no other limit counts: a client that sends many
/// of them and no whole frame is read slowly, and its own connection holds it back. (Eight sockets that sent nothing
/// but pings took all of two cores, and others waited 5 s for them.)</para>
/// </remarks>
internal sealed class SocketStream(Stream connection, TimeProvider time) : Stream, IWire
{
    /// <summary>The first byte of a pong (RFC 6455 §5.2).</summary>
    private const byte Pong = 0x8A;

    /// <summary>What a client may cost in <see cref="CostWindow"/> without a whole frame; a read costs 1.</summary>
    private const int CostMax = 1_000;

    private const int PingCost = 10;
    private const int DiscardBytes = 16 * 1_024;

    private static readonly TimeSpan CostWindow = TimeSpan.FromSeconds(1);

    private long _lastReadAt = time.GetTimestamp();
    private long _costSince = time.GetTimestamp();
    private int _cost;

    /// <summary>Takes what the WebSocket writes; set before the WebSocket is used.</summary>
    public Outbox? Outbox { get; set; }

    /// <summary>How long nothing has arrived.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _lastReadAt));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("A connection has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("A connection has no position.");
        set => throw new NotSupportedException("A connection has no position.");
    }

    /// <summary>A whole frame was read, and is counted elsewhere.</summary>
    public void NoteFrame() => _cost = 0;

    /// <summary>Reads what comes without looking at it, until the client has left or the time is over.</summary>
    public async Task DiscardAsync(TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        var scrap = ArrayPool<byte>.Shared.Rent(DiscardBytes);
        try
        {
            while (await connection.ReadAsync(scrap, limit.Token) > 0)
            {
            }
        }
        catch (OperationCanceledException)
        {
            // It had its time.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scrap);
        }
    }

    ValueTask IWire.WriteAsync(ReadOnlyMemory<byte> frames) => connection.WriteAsync(frames);

    public void Abort() => connection.Dispose();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The WebSocket reads on when something has arrived, so the read's beginning is the sign of life; its end would
        // cost a state machine for each socket, kept as long as the socket is silent.
        var now = time.GetTimestamp();
        Volatile.Write(ref _lastReadAt, now);
        if (time.GetElapsedTime(_costSince, now) >= CostWindow)
        {
            (_costSince, _cost) = (now, 0);
        }

        return ++_cost <= CostMax
            ? connection.ReadAsync(buffer, cancellationToken)
            : ReadLaterAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The WebSocket writes one whole frame at a time and reuses the buffer afterwards.
        var frame = EncodedFrame.Control(buffer.ToArray());
        if (frame.Wire.Span[0] == Pong)
        {
            _cost += PingCost;
            Outbox?.SendPong(frame);
        }
        else
        {
            Outbox?.TrySend(frame);
        }

        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Reads are asynchronous.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Writes are asynchronous.");

    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("A connection cannot seek.");

    public override void SetLength(long value) => throw new NotSupportedException("A connection has no length.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadLaterAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var left = CostWindow - time.GetElapsedTime(_costSince);
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
        return await ReadAsync(buffer, cancellationToken);
    }
}
