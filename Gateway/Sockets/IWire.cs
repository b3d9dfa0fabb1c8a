namespace NewLoom.Gateway.Sockets;

/// <summary>Where one socket's bytes go. The outbox is its only writer and never has two writes under way.</summary>
internal interface IWire
{
    /// <summary>Writes whole WebSocket frames; completes at once while the connection's buffers have room.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> frames);

    /// <summary>Ends the connection without a word.</summary>
    void Abort();
}
