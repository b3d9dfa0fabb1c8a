using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace NewLoom.Bench.Streams;

/// <summary>Frames of the stream socket, as text.</summary>
public static class ReportFrame
{
    private static ReadOnlySpan<byte> StreamKey => "\"stream_id\":"u8;

    private static ReadOnlySpan<byte> ProcessedKey => "\"processed_count\":"u8;

    private static ReadOnlySpan<byte> ErrorKey => "\"message\":\"error "u8;

    private static ReadOnlySpan<byte> StatusKey => "\"status\":\""u8;

    /// <summary>A status.</summary>
    public static byte[] Status(long streamId, string status) =>
        Encode($$"""{"type":"status_update","stream_id":{{streamId}},"status":"{{status}}"}""");

    /// <summary>Counters.</summary>
    public static byte[] Stats(long streamId, long processed) =>
        Encode($$$"""
            {"type":"execution_stats","stream_id":{{{streamId}}},"stats":{"processed_count":{{{processed}}}}}
            """);

    /// <summary>An error with its number.</summary>
    public static byte[] Error(long streamId, int number) => Encode(
        $$$"""
        {"type":"error","stream_id":{{{streamId}}},
         "error":{"message":"error {{{number}}}","code":"{{{ReportPlan.ErrorCode}}}"}}
        """);

    /// <summary>The stream that a server's frame is about.</summary>
    public static bool TryReadStream(ReadOnlySpan<byte> payload, out long streamId) =>
        TryReadNumber(payload, StreamKey, out streamId);

    /// <summary>Whether the server refuses something: such an <c>error</c> has a code where a job's has an
    /// object.</summary>
    public static bool IsRefusal(ReadOnlySpan<byte> payload) =>
        payload.IndexOf("\"type\":\"error\""u8) >= 0 && payload.IndexOf("\"error\":{"u8) < 0;

    /// <summary>The counter of processed items.</summary>
    public static bool TryReadProcessed(ReadOnlySpan<byte> payload, out long count) =>
        TryReadNumber(payload, ProcessedKey, out count);

    /// <summary>The number of one of our errors.</summary>
    public static bool TryReadError(ReadOnlySpan<byte> payload, out long number) =>
        TryReadNumber(payload, ErrorKey, out number);

    /// <summary>Whether a frame says that status.</summary>
    public static bool SaysStatus(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> status)
    {
        var at = payload.IndexOf(StatusKey);
        return at >= 0 && payload[(at + StatusKey.Length)..].StartsWith(status);
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> key, out long number)
    {
        var at = payload.IndexOf(key);
        number = 0;
        return at >= 0 && Utf8Parser.TryParse(payload[(at + key.Length)..], out number, out _);
    }

    private static byte[] Encode(FormattableString text) =>
        Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
