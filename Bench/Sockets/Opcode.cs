namespace NewLoom.Bench.Sockets;

/// <summary>What a WebSocket frame is. (RFC 6455 §5.2)</summary>
public enum Opcode
{
    /// <summary>A further part of a message; a server that fragments is not supported.</summary>
    Continuation = 0x0,

    /// <summary>UTF-8 text.</summary>
    Text = 0x1,

    /// <summary>Bytes.</summary>
    Binary = 0x2,

    /// <summary>The last frame of a side, with a code.</summary>
    Close = 0x8,

    /// <summary>Must be answered with a pong.</summary>
    Ping = 0x9,

    /// <summary>Answers a ping.</summary>
    Pong = 0xA,
}
