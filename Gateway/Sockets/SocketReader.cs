using System.Buffers;
using System.Net.WebSockets;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>Reads one socket until it ends, a frame at a time, each handled before the next is read.</summary>
internal sealed class SocketReader(WebSocket webSocket, ClientSocket socket, FrameHandler frames)
{
    /// <summary>The largest frame.</summary>
    public const int FrameBytesMax = 64 * 1_024;

    private const int FirstBufferBytes = 4 * 1_024;

    private readonly List<FrameReading> _readings = [];

    /// <summary>Returns when the client has left or was closed; never throws for what a client does.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await ReadOneAsync())
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException
            or ObjectDisposedException)
        {
            // The client left without a word, or did not answer a close in time.
        }
    }

    private async Task<bool> ReadOneAsync()
    {
        // An empty read waits for the first byte, so that an idle socket holds no buffer.
        var first = await webSocket.ReceiveAsync(Memory<byte>.Empty, socket.Ending);
        if (first.MessageType == WebSocketMessageType.Close)
        {
            socket.Close(CloseCode.Normal);
            return false;
        }

        if (first.EndOfMessage)
        {
            // A frame without a byte in it: another receive would wait for the next frame.
            await HandleAsync(ReadOnlyMemory<byte>.Empty, first.MessageType);
            return true;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            var count = 0;
            while (true)
            {
                var part = await webSocket.ReceiveAsync(buffer.AsMemory(count), socket.Ending);
                count += part.Count;
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    socket.Close(CloseCode.Normal);
                    return false;
                }

                if (count > FrameBytesMax)
                {
                    socket.Close(CloseCode.TooLarge);
                    return await DiscardAsync(buffer);
                }

                if (part.EndOfMessage)
                {
                    await HandleAsync(buffer.AsMemory(0, count), part.MessageType);
                    return true;
                }

                buffer = Grown(buffer, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task HandleAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type)
    {
        if (socket.IsClosing)
        {
            return;
        }

        _readings.Clear();
        if (type == WebSocketMessageType.Text)
        {
            FrameReader.Read(bytes, socket.Session.Kind.FrameTypes, _readings);
        }
        else
        {
            _readings.Add(new FrameReading { Error = Errors.InvalidFormat("frames must be text, not binary") });
        }

        foreach (var reading in _readings)
        {
            await frames.HandleAsync(socket, reading);
            if (socket.IsClosing)
            {
                return;
            }
        }
    }

    /// <summary>Reads on after the close frame, until the client answers it.</summary>
    private async Task<bool> DiscardAsync(byte[] buffer)
    {
        ValueWebSocketReceiveResult part;
        do
        {
            part = await webSocket.ReceiveAsync(buffer.AsMemory(), socket.Ending);
        }
        while (part.MessageType != WebSocketMessageType.Close);

        return false;
    }

    private static byte[] Grown(byte[] buffer, int count)
    {
        if (count < buffer.Length)
        {
            return buffer;
        }

        // One byte more than the largest frame, so that a larger one is seen.
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 4, FrameBytesMax + 1));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
