using System.Text;
using NewLoom.Gateway.Frames;

namespace NewLoom.Tests.Frames;

public sealed class FrameReaderTests
{
    [Fact]
    public void Message_IsRead() =>
        Assert.Equal(
            new MessageFrame(123, "Hello!", "c1") { RequestId = "r1" },
            ReadOne("""{"type":"message","content":"Hello!","chat_id":123,"client_id":"c1","request_id":"r1"}"""));

    [Fact]
    public void Message_IsRead_WithoutWhatMayBeLeftOut() =>
        Assert.Equal(
            new MessageFrame(123, "Hi"),
            ReadOne("""{"type":"message","content":"Hi","chat_id":123,"client_id":null}"""));

    [Theory]
    [InlineData("delivered")]
    [InlineData("read")]
    public void MessageStatus_IsRead(string status)
    {
        var frame = Assert.IsType<MessageStatusFrame>(ReadOne(
            $$"""{"type":"message_status","chat_id":123,"message_id":9007199254740991,"status":"{{status}}"}"""));

        Assert.Equal(new MessageStatusFrame(123, 9_007_199_254_740_991, status), frame);
        Assert.Equal(status, frame.Mark.ToString(), ignoreCase: true);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Typing_IsRead(string text, bool isTyping) =>
        Assert.Equal(
            new TypingFrame(123, isTyping),
            ReadOne($$"""{"type":"typing","chat_id":123,"user":"somebody else","is_typing":{{text}}}"""));

    [Fact]
    public void Subscribe_IsRead()
    {
        var frame = Assert.IsType<SubscribeFrame>(ReadOne(
            """{"type":"subscribe","chats":[{"chat_id":1},{"chat_id":2,"after_seq":0},{"chat_id":3,"after_seq":7}]}"""));

        Assert.Equal([new ChatCursor(1), new ChatCursor(2, 0), new ChatCursor(3, 7)], frame.Chats);
    }

    [Fact]
    public void Unsubscribe_IsRead() =>
        Assert.Equal(
            [1L, 2L], Assert.IsType<UnsubscribeFrame>(ReadOne("""{"type":"unsubscribe","chat_ids":[1,2]}""")).ChatIds);

    [Theory]
    [InlineData("""{"type":"history","chat_id":123}""", null, null)]
    [InlineData("""{"type":"history","chat_id":123,"before_seq":null,"limit":null}""", null, null)]
    [InlineData("""{"type":"history","chat_id":123,"before_seq":7,"limit":200}""", 7L, 200)]
    public void History_IsRead(string text, long? beforeSeq, int? limit) =>
        Assert.Equal(new HistoryFrame(123, beforeSeq, limit), ReadOne(text));

    [Fact]
    public void Heartbeat_IsRead() => Assert.Equal(new HeartbeatFrame(), ReadOne("""{"type":"heartbeat"}"""));

    [Fact]
    public void Disconnect_IsRead() => Assert.Equal(new DisconnectFrame(), ReadOne("""{"type":"disconnect"}"""));

    [Fact]
    public void Batch_IsReadAsItsParts_InOrder()
    {
        var readings = Read(
            """
            {"frames":[{"type":"heartbeat","request_id":"a"},7,{"type":"typing","chat_id":1,"is_typing":true}],
             "type":"batch","request_id":"whole"}
            """);

        Assert.Equal(new HeartbeatFrame { RequestId = "a" }, readings[0].Frame);
        Assert.Equal("invalid_format", readings[1].Error!.Code);
        Assert.Equal(new TypingFrame(1, true), readings[2].Frame);
        Assert.Equal(3, readings.Count);
    }

    [Fact]
    public void Batch_IsRead_WithTheMostParts()
    {
        var parts = string.Join(',', Enumerable.Repeat("""{"type":"heartbeat"}""", 100));

        var readings = Read($$"""{"type":"batch","frames":[{{parts}}]}""");

        Assert.Equal(100, readings.Count(reading => reading.Frame is HeartbeatFrame));
    }

    [Fact]
    public void Frame_IsRead_WhenTypeComesLastAndNamesAreEscaped() =>
        Assert.Equal(
            new TypingFrame(123, true),
            ReadOne("""
                 { "$id":"1", "is_typing" : true , "\u0063hat_id":123, "frames":[], "typ\u0065":"typing" }
                """));

    [Theory]
    [InlineData("limit")]
    [InlineData("before_seq")]
    public void Error_NamesTheField_WhenItsKindIsWrong(string field)
    {
        var reading = Assert.Single(Read($$"""{"type":"history","chat_id":1,"{{field}}":"x"}"""));

        Assert.Contains(field, reading.Error!.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", reading.Error.Detail, StringComparison.Ordinal);
    }

    private static ClientFrame? ReadOne(string text) => Assert.Single(Read(text)).Frame;

    private static List<FrameReading> Read(string text)
    {
        var readings = new List<FrameReading>();
        FrameReader.Read(Encoding.UTF8.GetBytes(text), FrameReader.ChatTypes, readings);
        return readings;
    }
}
