namespace NewLoom.Bench.Fuzzing;

/// <summary>What fuzzing starts from: a good frame of every type, and values that readers stumble over. <c>@</c> stands
/// for the id of a chat or stream.</summary>
public static class FrameCorpus
{
    /// <summary>Good frames for a chat socket.</summary>
    public static readonly IReadOnlyList<string> Chat =
    [
        """{"type":"message","chat_id":@,"content":"hi","client_id":"c","request_id":"r"}""",
        """{"type":"message_status","chat_id":@,"message_id":1,"status":"read"}""",
        """{"type":"typing","chat_id":@,"is_typing":true,"user":"x"}""",
        """{"type":"subscribe","chats":[{"chat_id":@,"after_seq":0},{"chat_id":1}]}""",
        """{"type":"unsubscribe","chat_ids":[@,1,2]}""",
        """{"type":"history","chat_id":@,"before_seq":9,"limit":5,"request_id":"r"}""",
        """{"type":"heartbeat","request_id":"r"}""",
        """{"type":"batch","frames":[{"type":"heartbeat"},{"type":"typing","chat_id":@,"is_typing":false}]}""",
        """{"type":"authenticate","token":"x"}""",
    ];

    /// <summary>Good frames for a stream socket.</summary>
    public static readonly IReadOnlyList<string> Stream =
    [
        """{"type":"status_update","stream_id":@,"status":"running","lease_seconds":30,"request_id":"r"}""",
        """{"type":"status_update","stream_id":@,"status":"completed"}""",
        """
        {"type":"execution_stats","stream_id":@,
         "stats":{"processed_count":1,"failed_count":0,"total_count":9,"execution_time":"00:00:01"}}
        """,
        """{"type":"error","stream_id":@,"error":{"message":"oops","code":"E1","timestamp":"2026-01-01T00:00:00Z"}}""",
        """{"type":"subscribe","streams":[{"stream_id":@}]}""",
        """{"type":"unsubscribe","stream_ids":[@,1]}""",
        """{"type":"heartbeat","request_id":"r"}""",
        """{"type":"batch","frames":[{"type":"execution_stats","stream_id":@,"stats":{"processed_count":5}}]}""",
    ];

    /// <summary>Values to put anywhere.</summary>
    public static readonly IReadOnlyList<string> Values =
    [
        "null", "true", "false", "0", "-0", "-1", "1.0", "1e2", "1e400", "-1e-400", "0.1", "01", "+1", ".5", "NaN",
        "Infinity", "9007199254740991", "9007199254740992", "9223372036854775807", "9223372036854775808",
        "18446744073709551616", "1" + new string('0', 400), "\"\"", "\"0\"", "[]", "{}", "[null]", "[[]]", "[{}]",
        "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\uD83D\\uDE00\"", "\"\\x\"", "\"\\u12\"", "\"\\",
        "\"\u0001\"", "\"\u2028\u2029\uFEFF\"", "\"😀é中\u0301\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"type\"",
        "\"99999999:59:59\"", "\"-1:00:00\"", "\"2026-13-45T99:99:99Z\"", "{\"type\":\"batch\"}", "/* */1", "1,", "",
    ];

    /// <summary>Names of the frames' fields.</summary>
    public static readonly IReadOnlyList<string> Fields =
    [
        "type", "request_id", "chat_id", "stream_id", "client_id", "message_id", "content", "status", "is_typing",
        "user", "chats", "chat_ids", "streams", "stream_ids", "after_seq", "before_seq", "limit", "frames", "stats", "error",
        "processed_count", "failed_count", "total_count", "execution_time", "lease_seconds", "message", "code", "token",
        "timestamp", "$type", "$id", "$ref", "__proto__", "", "\\u0074ype", "TYPE", "chatId",
    ];

    /// <summary>Types of frames, known and unknown.</summary>
    public static readonly IReadOnlyList<string> Types =
    [
        "message", "message_status", "typing", "subscribe", "unsubscribe", "history", "heartbeat", "batch",
        "status_update", "execution_stats", "error", "authenticate", "welcome", "presence", "", "Message", "nonsense",
    ];
}
