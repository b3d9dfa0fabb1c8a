using System.Text.Json;

namespace NewLoom.Tests.Sockets;

/// <summary>Frames that get <c>invalid_format</c>: a name, the text (<c>@</c> stands for the chat's id), and what the
/// error echoes of it.</summary>
internal static class MalformedFrames
{
    private const string OfChat = """{"chat_id":@}""";
    private const string Nothing = "{}";

    public static IEnumerable<(string Name, string Text, string Echo)> All =>
        [.. NoFrames, .. Types, .. RequestIds, .. ChatIds(), .. Contents(), .. ClientIds(), .. Statuses(), .. Typing,
            .. Histories(), .. Subscriptions(), .. Batches()];

    private static IEnumerable<(string, string, string)> NoFrames =>
    [
        ("empty", "", Nothing),
        ("white space", "  \n", Nothing),
        ("words", "hello", Nothing),
        ("half an object", """{"type":"heartbeat" """, Nothing),
        ("an array", """[{"type":"heartbeat"}]""", Nothing),
        ("a string", "\"heartbeat\"", Nothing),
        ("a number", "42", Nothing),
        ("null", "null", Nothing),
        ("true", "true", Nothing),
        ("single quotes", "{'type':'heartbeat'}", Nothing),
        ("a comment", """{"type":"heartbeat"/* */}""", Nothing),
        ("a trailing comma", """{"type":"heartbeat",}""", Nothing),
        ("trailing text", """{"type":"heartbeat"} x""", Nothing),
        ("two objects", """{"type":"heartbeat"}{"type":"heartbeat"}""", Nothing),
        ("a raw control character", "{\"type\":\"message\",\"chat_id\":@,\"content\":\"a\u0001\"}", Nothing),
        ("a deep nesting",
            $$"""{"type":"heartbeat","x":{{new string('[', 1_000)}}{{new string(']', 1_000)}}}""", Nothing),
        ("an open nesting", new string('[', 10_000), Nothing),
    ];

    private static IEnumerable<(string, string, string)> Types =>
    [
        ("no type", """{"chat_id":@,"content":"hi"}""", OfChat),
        ("empty object", "{}", Nothing),
        ("unknown type", """{"type":"shout","chat_id":@,"request_id":"r"}""", """{"chat_id":@,"request_id":"r"}"""),
        ("type in capitals", """{"type":"HEARTBEAT"}""", Nothing),
        ("a server's type", """{"type":"presence","chat_id":@,"online":true}""", OfChat),
        ("a stream's type", """{"type":"status_update","stream_id":@,"status":"running"}""",
            """{"stream_id":@}"""),
        ("type is a number", """{"type":1,"request_id":"r"}""", """{"request_id":"r"}"""),
        ("type is null", """{"type":null}""", Nothing),
        ("type is an object", """{"type":{"type":"heartbeat"}}""", Nothing),
        ("type is an array", """{"type":["heartbeat"]}""", Nothing),
        ("type is empty", """{"type":""}""", Nothing),
    ];

    private static IEnumerable<(string, string, string)> RequestIds =>
    [
        ("request_id is a number", """{"type":"heartbeat","request_id":7}""", Nothing),
        ("request_id is an object", """{"type":"typing","chat_id":@,"is_typing":true,"request_id":{}}""", OfChat),
        ("request_id has 65", $$"""{"type":"heartbeat","request_id":"{{new string('r', 65)}}"}""", Nothing),
        ("request_id is half a surrogate", """{"type":"heartbeat","request_id":"\ud800"}""", Nothing),
    ];

    private static IEnumerable<(string, string, string)> Typing =>
    [
        ("typing without is_typing", """{"type":"typing","chat_id":@}""", OfChat),
        ("is_typing is a string", """{"type":"typing","chat_id":@,"is_typing":"true"}""", OfChat),
        ("is_typing is a number", """{"type":"typing","chat_id":@,"is_typing":1}""", OfChat),
        ("is_typing is null", """{"type":"typing","chat_id":@,"is_typing":null}""", OfChat),
        ("is_typing is given twice", """{"type":"typing","chat_id":@,"is_typing":true,"is_typing":false}""", OfChat),
    ];

    private static IEnumerable<(string, string, string)> ChatIds()
    {
        string[] ids = ["\"@\"", "0", "-1", "9007199254740992", "1.5", "1e3", "1.0", "null", "[@]", "true", "1e400"];
        foreach (var id in ids)
        {
            yield return ($"message to {id}", $$"""{"type":"message","chat_id":{{id}},"content":"hi"}""", Nothing);
        }

        yield return ("typing in 0", """{"type":"typing","chat_id":0,"is_typing":true}""", Nothing);
        yield return ("history of a quoted id", """{"type":"history","chat_id":"@"}""", Nothing);
        yield return (
            "message to nobody", """{"type":"message","content":"hi","client_id":"c"}""", """{"client_id":"c"}""");
    }

    private static IEnumerable<(string, string, string)> Contents()
    {
        (string, string)[] contents =
        [
            ("null", "null"), ("a number", "5"), ("an object", "{}"), ("a list", """["hi"]"""), ("empty", "\"\""),
            ("white space", """ " \t\n\u00a0\u2003" """), ("4,001 letters", $"\"{new string('x', 4_001)}\""),
            ("4,001 emoji", JsonSerializer.Serialize(string.Concat(Enumerable.Repeat("😀", 4_001)))),
            ("a zero", """ "a\u0000b" """), ("an escape", """ "a\u001bb" """), ("a delete", """ "a\u007fb" """),
            ("a next line", """ "a\u0085b" """), ("CR alone", """ "a\rb" """), ("CR before CRLF", """ "a\r\r\nb" """),
            ("a first half", """ "a\ud83d" """), ("a second half", """ "a\ude00b" """),
            ("swapped halves", """ "\ude00\ud83d" """),
        ];
        foreach (var (name, content) in contents)
        {
            yield return (
                $"content is {name}",
                $$"""{"type":"message","chat_id":@,"content":{{content}},"client_id":"c","request_id":"r"}""",
                """{"chat_id":@,"client_id":"c","request_id":"r"}""");
        }

        yield return ("no content", """{"type":"message","chat_id":@}""", OfChat);
    }

    private static IEnumerable<(string, string, string)> ClientIds()
    {
        var long65 = new string('c', 65);
        yield return Of("empty", "\"\"", """{"chat_id":@,"client_id":""}""");
        yield return Of("65", $"\"{long65}\"", $$"""{"chat_id":@,"client_id":"{{long65}}"}""");
        yield return Of("a number", "7", OfChat);
        yield return Of("an object", "{}", OfChat);

        static (string, string, string) Of(string name, string clientId, string echo) => (
            $"client_id is {name}", $$"""{"type":"message","chat_id":@,"content":"hi","client_id":{{clientId}}}""",
            echo);
    }

    private static IEnumerable<(string, string, string)> Statuses()
    {
        foreach (var status in (string[])["\"sent\"", "\"seen\"", "\"Read\"", "\"\"", "null", "1"])
        {
            yield return (
                $"status is {status}",
                $$"""{"type":"message_status","chat_id":@,"message_id":1,"status":{{status}}}""", OfChat);
        }

        foreach (var id in (string[])["0", "\"1\"", "9007199254740992", "null", "1.5"])
        {
            yield return (
                $"message_id is {id}",
                $$"""{"type":"message_status","chat_id":@,"message_id":{{id}},"status":"read"}""", OfChat);
        }

        yield return ("status of no message", """{"type":"message_status","chat_id":@,"status":"read"}""", OfChat);
        yield return ("no status", """{"type":"message_status","chat_id":@,"message_id":1}""", OfChat);
    }

    private static IEnumerable<(string, string, string)> Histories()
    {
        string[] fields =
        [
            "\"limit\":0", "\"limit\":-1", "\"limit\":201", "\"limit\":\"50\"", "\"limit\":1.5",
            "\"limit\":99999999999",
            "\"before_seq\":0", "\"before_seq\":-1", "\"before_seq\":\"5\"", "\"before_seq\":9007199254740992",
        ];
        return fields.Select(field => (
            $"history with {field}", $$"""{"type":"history","chat_id":@,{{field}}}""", OfChat));
    }

    private static IEnumerable<(string, string, string)> Subscriptions()
    {
        string[] chats =
        [
            "5", "\"@\"", "{}", "null", "[]", "[null]", "[5]", "[{}]", """[{"chat_id":0}]""", """[{"chat_id":"@"}]""",
            """[{"chat_id":@,"after_seq":-1}]""", """[{"chat_id":@,"after_seq":"0"}]""",
            """[{"chat_id":@,"after_seq":1.5}]""", """[{"chat_id":@},null]""",
        ];
        foreach (var value in chats)
        {
            yield return ($"subscribe to {value}", $$"""{"type":"subscribe","chats":{{value}}}""", Nothing);
        }

        yield return ("subscribe to nothing", """{"type":"subscribe"}""", Nothing);
        foreach (var value in (string[])["5", "null", "[]", "[null]", "[\"5\"]", "[0]", "[1.5]"])
        {
            yield return ($"unsubscribe from {value}", $$"""{"type":"unsubscribe","chat_ids":{{value}}}""", Nothing);
        }
    }

    private static IEnumerable<(string, string, string)> Batches()
    {
        var many = string.Join(',', Enumerable.Repeat("""{"type":"heartbeat"}""", 101));
        foreach (var frames in (string[])["[]", "{}", "null", "\"x\"", "7", $"[{many}]"])
        {
            yield return (
                $"batch of {frames[..Math.Min(frames.Length, 10)]}",
                $$"""{"type":"batch","frames":{{frames}},"request_id":"r"}""", """{"request_id":"r"}""");
        }

        yield return ("batch of nothing", """{"type":"batch"}""", Nothing);
        foreach (var part in (string[])["7", "null", "\"heartbeat\"", "[]", "{}"])
        {
            yield return ($"batch with {part}", $$"""{"type":"batch","frames":[{{part}}],"request_id":"r"}""", Nothing);
        }

        yield return (
            "batch in a batch", """{"type":"batch","frames":[{"type":"batch","frames":[],"request_id":"in"}]}""",
            """{"request_id":"in"}""");
    }
}
