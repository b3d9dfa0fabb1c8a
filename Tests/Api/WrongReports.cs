namespace NewLoom.Tests.Api;

/// <summary>Reports that the API refuses.</summary>
internal static class WrongReports
{
    /// <summary>Name, the end of the path, body, and what the detail must name.</summary>
    public static readonly IReadOnlyList<(string Name, string Path, string Body, string Detail)> All =
    [
        ("no body", "status", "", "body"),
        ("no JSON", "status", """{"status":"running" """, "body"),
        ("a list", "stats", "[]", "body"),
        ("null", "errors", "null", "body"),
        ("status missing", "status", "{}", "status"),
        ("status null", "status", """{"status":null}""", "status"),
        ("status a number", "status", """{"status":1}""", "$.status"),
        ("status unknown", "status", """{"status":"done"}""", "status"),
        ("status in capitals", "status", """{"status":"Running"}""", "status"),
        ("status empty", "status", """{"status":""}""", "status"),
        ("status stalled", "status", """{"status":"stalled"}""", "status"),
        ("status lost", "status", """{"status":"lost"}""", "status"),
        ("status twice", "status", """{"status":"running","status":"paused"}""", "$.status"),
        .. new[] { "4", "3601", "0", "-5" }.Select(
            seconds => ($"lease {seconds}", "status", Lease(seconds), "lease_seconds")),
        .. new[] { "\"30\"", "7.5", "99999999999", "true", "{}" }.Select(
            seconds => ($"lease {seconds}", "status", Lease(seconds), "$.lease_seconds")),
        ("no counters", "stats", "{}", "stats"),
        ("stats null", "stats", """{"stats":null}""", "stats"),
        ("stats empty", "stats", """{"stats":{}}""", "stats"),
        ("stats a list", "stats", """{"stats":[1]}""", "$.stats"),
        ("stats a number", "stats", """{"stats":1}""", "$.stats"),
        .. Wrapped("count negative", """{"processed_count":-1}""", "stats.processed_count"),
        .. Wrapped("failed negative", """{"failed_count":-1}""", "stats.failed_count"),
        .. Wrapped("total negative", """{"total_count":-1}""", "stats.total_count"),
        .. Wrapped("count beyond 2^53-1", """{"total_count":9007199254740992}""", "stats.total_count"),
        .. Wrapped("count beyond 2^63", """{"total_count":9223372036854775808}""", "total_count"),
        .. Wrapped("counts beyond 2^63 together",
            """{"processed_count":9223372036854775807,"failed_count":9223372036854775807}""", "processed_count"),
        .. Wrapped("counts beyond 2^53-1 together",
            """{"processed_count":9007199254740991,"failed_count":1}""", "processed_count"),
        .. Wrapped("total below the others",
            """{"processed_count":5,"failed_count":1,"total_count":5}""", "stats.total_count"),
        .. Wrapped("count quoted", """{"failed_count":"1"}""", "failed_count"),
        .. Wrapped("count a fraction", """{"processed_count":1.5}""", "processed_count"),
        .. Wrapped("count true", """{"processed_count":true}""", "processed_count"),
        .. Wrapped("count twice", """{"processed_count":1,"processed_count":2}""", "processed_count"),
        .. Wrapped("time a number", """{"execution_time":5}""", "execution_time"),
        .. new[] { "", "5:23", "0:05:23", "00:60:00", "00:00:60", "00:00:-1", "1.00:00:00", "00:05:23.5" }.SelectMany(
            time => Wrapped($"time '{time}'", $$"""{"execution_time":"{{time}}"}""", "stats.execution_time")),
        ("no error", "errors", "{}", "error"),
        ("error null", "errors", """{"error":null}""", "error"),
        ("error a text", "errors", """{"error":"oops"}""", "$.error"),
        .. ErrorsOf("without message", """{"code":"E"}""", "error.message"),
        .. ErrorsOf("without code", """{"message":"oops"}""", "error.code"),
        .. ErrorsOf("with message null", """{"message":null,"code":"E"}""", "error.message"),
        .. ErrorsOf("with message a number", """{"message":1,"code":"E"}""", "message"),
        .. ErrorsOf("with code a number", """{"message":"oops","code":1}""", "code"),
        .. ErrorsOf("with empty message", """{"message":"","code":"E"}""", "error.message"),
        .. ErrorsOf("with blank message", """{"message":" \n\t","code":"E"}""", "error.message"),
        .. ErrorsOf("with half a surrogate", """{"message":"\ud800","code":"E"}""", "message"),
        .. ErrorsOf("with blank code", """{"message":"oops","code":" "}""", "error.code"),
        .. ErrorsOf("with long message", $$"""{"message":"{{new string('x', 4_001)}}","code":"E"}""", "error.message"),
        .. ErrorsOf("with long code", $$"""{"message":"oops","code":"{{new string('x', 65)}}"}""", "error.code"),
    ];

    private static string Lease(string seconds) => $$"""{"status":"running","lease_seconds":{{seconds}}}""";

    /// <summary>The same counters bare and in the frame's form.</summary>
    private static (string Name, string Path, string Body, string Detail)[] Wrapped(
        string name, string stats, string detail) =>
        [(name, "stats", stats, detail), ($"{name}, in stats", "stats", $$"""{"stats":{{stats}}}""", detail)];

    /// <summary>The same error bare and in the frame's form.</summary>
    private static (string Name, string Path, string Body, string Detail)[] ErrorsOf(
        string name, string error, string detail) =>
    [
        ($"error {name}", "errors", error, detail),
        ($"error {name}, in error", "errors", $$"""{"error":{{error}}}""", detail),
    ];
}
