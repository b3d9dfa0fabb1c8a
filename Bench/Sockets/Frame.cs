namespace NewLoom.Bench.Sockets;

/// <summary>One whole frame from the server; its payload is valid until the reader is next given space.</summary>
public readonly ref struct Frame(Opcode opcode, ReadOnlySpan<byte> payload)
{
    /// <summary>What the frame is.</summary>
    public Opcode Opcode { get; } = opcode;

    /// <summary>The frame's content.</summary>
    public ReadOnlySpan<byte> Payload { get; } = payload;
}
