namespace NewLoom.Bench.Sockets;

/// <summary>Is told what happens on all sockets. Called from the receiving thread; must not block.</summary>
public interface ISocketListener
{
    /// <summary>A text frame came. The payload is valid during the call only.</summary>
    /// <param name="socket">The socket's number.</param>
    /// <param name="payload">The frame's UTF-8 text.</param>
    /// <param name="receivedNanoseconds">When its last byte was received, on the monotonic clock.</param>
    void Received(int socket, ReadOnlySpan<byte> payload, long receivedNanoseconds);

    /// <summary>The server, or the network, ended the socket. Not called for our own closing.</summary>
    void Closed(int socket, string reason);
}
