using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NewLoom.Gateway.Frames;

/// <summary>A frame ready for the wire, made once and written to every socket that gets it.</summary>
internal sealed class EncodedFrame
{
    private const byte FinalText = 0x81;
    private const int HeaderBytesMax = 10;
    private const int BufferBytes = 1_024;
    private const int KeptBufferBytesMax = 64 * 1_024;

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        // The text is read as JSON, never pasted into HTML, so nothing but JSON's own escapes is needed.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic] private static ArrayBufferWriter<byte>? _buffer;
    [ThreadStatic] private static Utf8JsonWriter? _writer;

    private readonly int _headerBytes;

    private EncodedFrame(byte[] wire, int headerBytes, bool isText, bool isDroppable)
    {
        Wire = wire;
        _headerBytes = headerBytes;
        IsText = isText;
        IsDroppable = isDroppable;
    }

    /// <summary>The whole WebSocket frame.</summary>
    public ReadOnlyMemory<byte> Wire { get; }

    /// <summary>The JSON in it.</summary>
    public ReadOnlyMemory<byte> Payload => Wire[_headerBytes..];

    /// <summary>Whether it is JSON and may become part of a batch; control frames are not.</summary>
    public bool IsText { get; }

    /// <summary>Whether the latest frame of its kind wins, so that it may be left out for a slow reader.</summary>
    public bool IsDroppable { get; }

    /// <summary>Encodes a frame, header and all.</summary>
    public static EncodedFrame Of(ServerFrame frame)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(BufferBytes);
        var writer = _writer ??= new Utf8JsonWriter(buffer, WriterOptions);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        JsonSerializer.Serialize(writer, frame, FrameJson.Default.ServerFrame);
        writer.Flush();

        Span<byte> header = stackalloc byte[HeaderBytesMax];
        header = header[..WriteTextHeader(header, buffer.WrittenCount)];
        var wire = new byte[header.Length + buffer.WrittenCount];
        header.CopyTo(wire);
        buffer.WrittenSpan.CopyTo(wire.AsSpan(header.Length));
        if (buffer.Capacity > KeptBufferBytesMax)
        {
            (_buffer, _writer) = (null, null);
        }

        return new EncodedFrame(wire, header.Length, isText: true, frame is TypingNotice or PresenceNotice or ExecutionStatsNotice { IsFinal: false });
    }

    /// <summary>Wraps a control frame (ping, pong, close) that has its header already.</summary>
    public static EncodedFrame Control(byte[] wire) => new(wire, headerBytes: 0, isText: false, isDroppable: false);

    /// <summary>Writes the header of an unmasked, final text frame (RFC 6455 §5.2).</summary>
    /// <returns>Its length, at most 10 bytes.</returns>
    public static int WriteTextHeader(Span<byte> target, int payloadBytes)
    {
        target[0] = FinalText;
        switch (payloadBytes)
        {
            case <= 125:
                target[1] = (byte)payloadBytes;
                return 2;
            case <= ushort.MaxValue:
                target[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)payloadBytes);
                return 4;
            default:
                target[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(target[2..], (ulong)payloadBytes);
                return HeaderBytesMax;
        }
    }
}
