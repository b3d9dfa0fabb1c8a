using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NewLoom.Gateway.Frames;

/// <summary>Reads one client frame: a JSON object whose <c>type</c> says what it is.</summary>
internal static class FrameReader
{
    /// <summary>The longest <c>request_id</c>, in characters.</summary>
    public const int RequestIdLengthMax = 64;

    /// <summary>The most frames in a batch.</summary>
    public const int BatchCountMax = 100;

    /// <summary>The frames of chat sockets, by <c>type</c>; <c>batch</c> holds them.</summary>
    public static readonly FrozenDictionary<string, JsonTypeInfo> ChatTypes = Table(
        ("message", FrameJson.Default.MessageFrame),
        ("message_status", FrameJson.Default.MessageStatusFrame),
        ("typing", FrameJson.Default.TypingFrame),
        ("subscribe", FrameJson.Default.SubscribeFrame),
        ("unsubscribe", FrameJson.Default.UnsubscribeFrame),
        ("history", FrameJson.Default.HistoryFrame));

    /// <summary>The frames of stream sockets, by <c>type</c>; <c>batch</c> holds them.</summary>
    public static readonly FrozenDictionary<string, JsonTypeInfo> StreamTypes = Table(
        ("status_update", FrameJson.Default.StatusUpdateFrame),
        ("execution_stats", FrameJson.Default.ExecutionStatsFrame),
        ("error", FrameJson.Default.ErrorReportFrame),
        ("subscribe", FrameJson.Default.SubscribeStreamsFrame),
        ("unsubscribe", FrameJson.Default.UnsubscribeStreamsFrame));

    /// <summary>Reads a frame that may be a batch.</summary>
    /// <param name="utf8">The whole text of the frame.</param>
    /// <param name="types">The frames that the socket knows.</param>
    /// <param name="result">Takes the frame, or the parts of the batch one by one, or what is wrong, in order.</param>
    public static void Read(
        ReadOnlyMemory<byte> utf8, FrozenDictionary<string, JsonTypeInfo> types, List<FrameReading> result)
    {
        var head = FrameHead.Scan(utf8.Span);
        if (head.Problem is not null || head.Type != "batch")
        {
            result.Add(ReadOne(utf8.Span, head, types));
            return;
        }

        if (head.BatchParts is not { Count: >= 1 and <= BatchCountMax } parts)
        {
            result.Add(head.Refused($"frames must be an array of 1 to {BatchCountMax} frames"));
            return;
        }

        foreach (var part in parts)
        {
            var span = utf8.Span[part];
            var partHead = FrameHead.Scan(span);
            result.Add(partHead is { Problem: null, Type: "batch" }
                ? partHead.Refused("a batch may not hold a batch")
                : ReadOne(span, partHead, types));
        }
    }

    private static FrozenDictionary<string, JsonTypeInfo> Table(params (string Type, JsonTypeInfo Frame)[] own) =>
        own.Append(("heartbeat", FrameJson.Default.HeartbeatFrame))
            .Append(("disconnect", FrameJson.Default.DisconnectFrame))
            .Append(("authenticate", FrameJson.Default.AuthenticateFrame))
            .ToFrozenDictionary(entry => entry.Item1, entry => entry.Item2, StringComparer.Ordinal);

    private static FrameReading ReadOne(
        ReadOnlySpan<byte> utf8, in FrameHead head, FrozenDictionary<string, JsonTypeInfo> types)
    {
        if (head.Problem is not null)
        {
            return head.Refused(head.Problem);
        }

        try
        {
            if (head.Type is null || !types.TryGetValue(head.Type, out var type))
            {
                return head.Refused(Errors.UnknownType.Detail!);
            }

            var frame = (ClientFrame)JsonSerializer.Deserialize(utf8, type)!;
            return frame.FindProblem() is { } problem
                ? head.Refused(problem)
                : new FrameReading { Frame = frame with { RequestId = head.RequestId } };
        }
        catch (JsonException e)
        {
            return head.Refused(Describe(e));
        }
    }

    /// <summary>Says which field was wrong, without the serializer's talk of .NET types.</summary>
    private static string Describe(JsonException e)
    {
        const string Missing = "including: ";
        var missing = e.Message.IndexOf(Missing, StringComparison.Ordinal);
        if (missing >= 0)
        {
            var names = e.Message[(missing + Missing.Length)..].TrimEnd('.');
            return $"missing {names.Replace("'", "", StringComparison.Ordinal)}";
        }

        return e.Path is { Length: > 2 } path
            ? $"{path[2..]} is of the wrong kind"
            : "a field is of the wrong kind or given twice";
    }
}
