using System.Buffers.Text;
using System.Globalization;
using System.Text.Unicode;

namespace NewLoom.Bench.Deliveries;

/// <summary>The two frames of the chat protocol that the benchmark uses, as bytes.</summary>
public static class MessageFrame
{
    private const int BytesBesideContentMax = 80;

    private static ReadOnlySpan<byte> SequenceKey => "\"seq\":"u8;

    /// <summary>The frame that sends a content, which must need no escapes in JSON.</summary>
    public static byte[] Send(long chatId, ReadOnlySpan<byte> content)
    {
        Span<byte> start = stackalloc byte[BytesBesideContentMax];
        Utf8.TryWrite(
            start,
            CultureInfo.InvariantCulture,
            $"{{\"type\":\"message\",\"chat_id\":{chatId},\"content\":\"",
            out var byteCount);
        return [.. start[..byteCount], .. content, .. "\"}"u8];
    }

    /// <summary>The <c>seq</c> that the server gave a message.</summary>
    /// <returns>False when the server is another one, that gives none.</returns>
    public static bool TryReadSequence(ReadOnlySpan<byte> payload, out long sequence)
    {
        sequence = 0;
        var at = payload.IndexOf(SequenceKey);
        return at >= 0
            && Utf8Parser.TryParse(payload[(at + SequenceKey.Length)..].TrimStart((byte)' '), out sequence, out _);
    }
}
