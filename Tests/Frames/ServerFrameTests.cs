using System.Text;
using NewLoom.Gateway.Frames;

namespace NewLoom.Tests.Frames;

public sealed class ServerFrameTests
{
    private static readonly DateTimeOffset Noon = new(2024, 2, 5, 14, 0, 0, 7, TimeSpan.FromHours(2));

    private static readonly MessageBody Body = new(456, "Hi \"you\" é 😀 <b>", "alice", Noon, 123, 7, null);

    private static readonly StatsBody Stats = new(100, 2, 102, "00:05:23");

    /// <summary>Each frame as it is written; line ends are left out, <c>"@"</c> stands for the time above.</summary>
    private static readonly Dictionary<string, (ServerFrame Frame, string Json)> Frames = new()
    {
        ["message"] = (
            new MessageNotice(Body),
            """
            {"type":"message","message":{"id":456,"content":"Hi \"you\" é \uD83D\uDE00 <b>","user":"alice",
            "timestamp":"@","chat_id":123,"seq":7}}
            """),
        ["message with client id"] = (
            new MessageNotice(Body with { Content = "\u2028\t\n", ClientId = "c1" }),
            """
            {"type":"message","message":{"id":456,"content":"\u2028\t\n","user":"alice","timestamp":"@",
            "chat_id":123,"seq":7,"client_id":"c1"}}
            """),
        ["message_status"] = (
            new MessageStatusNotice(123, 456, "read", "bob", Noon, 7),
            """
            {"type":"message_status","chat_id":123,"message_id":456,"status":"read","user":"bob",
            "timestamp":"@","seq":7}
            """),
        ["message_status sent"] = (
            new MessageStatusNotice(123, 456, "sent", "bob", Noon, 7, "c1") { RequestId = "r1" },
            """
            {"type":"message_status","chat_id":123,"message_id":456,"status":"sent","user":"bob",
            "timestamp":"@","seq":7,"client_id":"c1","request_id":"r1"}
            """),
        ["typing"] = (
            new TypingNotice(123, "bob", true), """{"type":"typing","chat_id":123,"user":"bob","is_typing":true}"""),
        ["typing no more"] = (
            new TypingNotice(123, "bob", false), """{"type":"typing","chat_id":123,"user":"bob","is_typing":false}"""),
        ["error of the original"] = (
            Errors.AuthenticationFailed,
            """{"type":"error","code":"connection_error","message":"Authentication failed"}"""),
        ["credential ended"] = (
            Errors.AuthenticationExpired,
            """{"type":"error","code":"connection_error","message":"Authentication expired"}"""),
        ["authenticated"] = (
            new AuthenticatedReply("alice", new DateTimeOffset(2024, 2, 5, 12, 0, 0, TimeSpan.Zero)) { RequestId = "r1" },
            """
            {"type":"authenticated","user":"alice","expires_at":"2024-02-05T12:00:00.000Z","request_id":"r1"}
            """),
        ["authenticated for ever"] = (
            new AuthenticatedReply("alice", ExpiresAt: null), """{"type":"authenticated","user":"alice"}"""),
        ["error"] = (
            new ErrorNotice("unavailable", "Try again later")
            {
                Detail = "why",
                ChatId = 123,
                ClientId = "c1",
                RetryAfterMs = 1_000,
                RequestId = "r1",
            },
            """
            {"type":"error","code":"unavailable","message":"Try again later","detail":"why","chat_id":123,
            "client_id":"c1","retry_after_ms":1000,"request_id":"r1"}
            """),
        ["error of a stream socket"] = (
            new ErrorNotice("invalid_state", "Execution has already finished") { StreamId = 123, RequestId = "r1" },
            """
            {"type":"error","code":"invalid_state","message":"Execution has already finished","stream_id":123,
            "request_id":"r1"}
            """),
        ["heartbeat"] = (
            new HeartbeatReply(Noon) { RequestId = "r1" },
            """{"type":"heartbeat","timestamp":"@","request_id":"r1"}"""),
        ["subscribed"] = (new SubscribedReply(123, 0), """{"type":"subscribed","chat_id":123,"seq":0}"""),
        ["subscribed and truncated"] = (
            new SubscribedReply(123, 2_000) { Truncated = true },
            """{"type":"subscribed","chat_id":123,"seq":2000,"truncated":true}"""),
        ["unsubscribed"] = (new UnsubscribedReply { ChatIds = [1, 2] }, """{"type":"unsubscribed","chat_ids":[1,2]}"""),
        ["unsubscribed on a stream socket"] = (
            new UnsubscribedReply { StreamIds = [1, 2] }, """{"type":"unsubscribed","stream_ids":[1,2]}"""),
        ["history"] = (
            new HistoryReply(123, [Body with { Content = "a" }], true),
            """
            {"type":"history","chat_id":123,"messages":[{"id":456,"content":"a","user":"alice","timestamp":"@",
            "chat_id":123,"seq":7}],"has_more":true}
            """),
        ["welcome"] = (
            new WelcomeNotice("alice", "abc", 25_000, Noon, [new WelcomeChat(123, "A chat", 7, 0)]),
            """
            {"type":"welcome","user":"alice","connection_id":"abc","heartbeat_interval_ms":25000,
            "expires_at":"@","chats":[{"chat_id":123,"name":"A chat","seq":7,"read_seq":0}]}
            """),
        ["welcome without end"] = (
            new WelcomeNotice("alice", "abc", 25_000, null, []),
            """
            {"type":"welcome","user":"alice","connection_id":"abc","heartbeat_interval_ms":25000,"chats":[]}
            """),
        ["presence"] = (
            new PresenceNotice(123, "bob", true, null),
            """{"type":"presence","chat_id":123,"user":"bob","online":true}"""),
        ["presence gone"] = (
            new PresenceNotice(123, "bob", false, Noon),
            """{"type":"presence","chat_id":123,"user":"bob","online":false,"last_seen":"@"}"""),
        ["chat_added"] = (
            new ChatAddedNotice(123, "A chat"), """{"type":"chat_added","chat_id":123,"name":"A chat"}"""),
        ["chat_removed"] = (new ChatRemovedNotice(123), """{"type":"chat_removed","chat_id":123}"""),
        ["disconnect"] = (
            new DisconnectNotice("draining", 1_234),
            """{"type":"disconnect","reason":"draining","reconnect_after_ms":1234}"""),
        ["status_update"] = (
            new StatusUpdateNotice(123, "running", Noon, 2),
            """{"type":"status_update","stream_id":123,"status":"running","timestamp":"@","execution":2}"""),
        ["execution_stats"] = (
            new ExecutionStatsNotice(123, Stats) { IsFinal = true },
            """
            {"type":"execution_stats","stream_id":123,"stats":{"processed_count":100,"failed_count":2,
            "total_count":102,"execution_time":"00:05:23"}}
            """),
        ["error of an execution"] = (
            new StreamErrorNotice(123, new StreamErrorBody("Failed to process", "PROCESSING_ERROR", Noon)),
            """
            {"type":"error","stream_id":123,"error":{"message":"Failed to process","code":"PROCESSING_ERROR",
            "timestamp":"@"}}
            """),
        ["snapshot"] = (
            new SnapshotNotice(123, "A job", 2, "lost", Stats, [new StreamErrorBody("m", "c", Noon)], 7),
            """
            {"type":"snapshot","stream_id":123,"name":"A job","execution":2,"status":"lost",
            "stats":{"processed_count":100,"failed_count":2,"total_count":102,"execution_time":"00:05:23"},
            "errors":[{"message":"m","code":"c","timestamp":"@"}],"version":7}
            """),
    };

    public static TheoryData<string> Names => [.. Frames.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Frame_IsWrittenExactly(string name)
    {
        var (frame, json) = Frames[name];

        json = json.ReplaceLineEndings("").Replace("\"@\"", "\"2024-02-05T12:00:00.007Z\"", StringComparison.Ordinal);
        Assert.Equal(json, Encoding.UTF8.GetString(EncodedFrame.Of(frame).Payload.Span));
    }

    [Fact]
    public void Table_NamesEveryServerFrame()
    {
        var kinds = typeof(ServerFrame).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ServerFrame)));

        Assert.Empty(kinds.Except(Frames.Values.Select(entry => entry.Frame.GetType())));
    }

    [Fact]
    public void Error_HasTheProtocolsWords()
    {
        Assert.Equal("Invalid message format", Errors.InvalidFormat("x").Message);
        Assert.Equal("Not authorized for this chat", Errors.NotAuthorizedForChat(1).Message);
        Assert.Equal("Too many messages", Errors.RateLimited(TimeSpan.Zero).Message);
        Assert.Equal("Client id was already used with different content", Errors.Conflict.Message);
        Assert.Equal("Try again later", Errors.Unavailable(TimeSpan.Zero).Message);
        Assert.Equal("Not authorized for this stream", Errors.NotAuthorizedForStream(1).Message);
        Assert.Equal("Execution has already finished", Errors.Finished.Message);
        Assert.Equal("Internal error", Errors.Internal("id").Message);
    }
}
