using System.Net.WebSockets;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>Reads one socket until it ends, a frame at a time, each handled before the next is read.</summary>
internal sealed class SocketReader(WebSocket webSocket, ClientSocket socket, FrameHandler frames)
{
    private readonly FrameAssembly _frame = new();
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

        try
        {
            if (await AssembleAsync() is not { } type)
            {
                return false;
            }

            await HandleAsync(_frame.Bytes, type);
            return true;
        }
        finally
        {
            _frame.Reset();
        }
    }

    /// <summary>Reads the pieces of one frame.</summary>
    /// <returns>Its type, or null when the socket has ended.</returns>
    private async ValueTask<WebSocketMessageType?> AssembleAsync()
    {
        while (true)
        {
            var piece = await webSocket.ReceiveAsync(_frame.Space(), socket.Ending);
            if (piece.MessageType == WebSocketMessageType.Close)
            {
                socket.Close(CloseCode.Normal);
                return null;
            }

            if (!_frame.TryAdd(piece.Count))
            {
                socket.Close(CloseCode.TooLarge);
                await socket.DiscardAsync();
                return null;
            }

            if (piece.EndOfMessage)
            {
                return piece.MessageType;
            }
        }
    }

    private async Task HandleAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type)
    {
        if (!socket.TryBeginFrame())
        {
            return;
        }

        try
        {
            await HandleOpenAsync(bytes, type);
        }
        finally
        {
            socket.EndFrame();
        }
    }

    private async Task HandleOpenAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type)
    {
        socket.NoteFrame();
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
}
