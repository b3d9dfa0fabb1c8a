using System.Text;

namespace NewLoom.Tests.Operations;

/// <summary>One span as it was sent, as far as tests look at it.</summary>
/// <param name="Instance">The process that it is of.</param>
/// <param name="Source">The source that made it.</param>
/// <param name="Name">Its name.</param>
/// <param name="TraceId">In hexadecimal digits.</param>
/// <param name="Id">In hexadecimal digits.</param>
/// <param name="ParentId">In hexadecimal digits; empty when it began the trace.</param>
/// <param name="Tags">Its attributes that are texts.</param>
internal sealed record OtlpSpan(
    string Instance, string Source, string Name, string TraceId, string Id, string ParentId,
    IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>The spans of an ExportTraceServiceRequest (opentelemetry-proto, trace/v1/trace.proto).</summary>
    public static IEnumerable<OtlpSpan> ReadAll(byte[] request) =>
        from resourceSpans in Parts(request, 1)
        let instance = Tagged(Parts(resourceSpans, 1).Single(), 1).GetValueOrDefault("service.instance.id", "")
        from scopeSpans in Parts(resourceSpans, 2)
        let source = Text(Parts(scopeSpans, 1).Single(), 1)
        from span in Parts(scopeSpans, 2)
        select new OtlpSpan(
            instance, source, Text(span, 5), Hex(span, 1), Hex(span, 2), Hex(span, 4), Tagged(span, 9));

    private static Dictionary<string, string> Tagged(byte[] message, int field) => Parts(message, field)
        .ToDictionary(pair => Text(pair, 1), pair => Text(Parts(pair, 2).FirstOrDefault([]), 1));

    private static string Text(byte[] message, int field) =>
        Encoding.UTF8.GetString(Parts(message, field).FirstOrDefault([]));

    private static string Hex(byte[] message, int field) =>
        Convert.ToHexStringLower(Parts(message, field).FirstOrDefault([]));

    /// <summary>The fields of this number that have a length (protobuf wire type 2).</summary>
    private static IEnumerable<byte[]> Parts(byte[] message, int field)
    {
        var at = 0;
        while (at < message.Length)
        {
            var key = Varint(message, ref at);
            var length = (key & 7) switch
            {
                0 => Skip(message, ref at),
                1 => 8,
                2 => (int)Varint(message, ref at),
                5 => 4,
                var other => throw new InvalidDataException($"Protobuf wire type {other}"),
            };
            if (key == (ulong)((field << 3) | 2))
            {
                yield return message[at..(at + length)];
            }

            at += length;
        }
    }

    private static int Skip(byte[] message, ref int at)
    {
        Varint(message, ref at);
        return 0;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
