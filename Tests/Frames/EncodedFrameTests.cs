using System.Text;
using NewLoom.Gateway.Frames;

namespace NewLoom.Tests.Frames;

public sealed class EncodedFrameTests
{
    // {"type":"chat_added","chat_id":1,"name":""}
    private const int EmptyNoticeBytes = 43;

    private static readonly StatsBody NoStats = new(0, 0, 0, "00:00:00");

    // RFC 6455 §5.2: the shortest form of the length, in network byte order.
    [Theory]
    [InlineData(125, "817D")]
    [InlineData(126, "817E007E")]
    [InlineData(65_535, "817EFFFF")]
    [InlineData(65_536, "817F0000000000010000")]
    public void Header_IsTheShortest_AtEachLimit(int payloadBytes, string header)
    {
        var name = new string('x', payloadBytes - EmptyNoticeBytes);
        var frame = EncodedFrame.Of(new ChatAddedNotice(1, name));

        Assert.Equal(payloadBytes, frame.Payload.Length);
        Assert.Equal(header, Convert.ToHexString(frame.Wire.Span[..^payloadBytes]));
        Assert.Equal(
            $$"""{"type":"chat_added","chat_id":1,"name":"{{name}}"}""", Encoding.UTF8.GetString(frame.Payload.Span));
    }

    [Fact]
    public void Frame_IsWhole_WhenWrittenAfterALargeOne()
    {
        EncodedFrame.Of(new ChatAddedNotice(1, new string('x', 1_000_000)));

        var frame = EncodedFrame.Of(new ChatRemovedNotice(2));

        Assert.Equal("""{"type":"chat_removed","chat_id":2}""", Encoding.UTF8.GetString(frame.Payload.Span));
    }

    [Fact]
    public void Frame_IsDroppable_OnlyWhenTheLatestWins()
    {
        Assert.True(EncodedFrame.Of(new TypingNotice(1, "a", true)).IsDroppable);
        Assert.True(EncodedFrame.Of(new PresenceNotice(1, "a", true, null)).IsDroppable);
        Assert.True(EncodedFrame.Of(new ExecutionStatsNotice(1, NoStats)).IsDroppable);
        Assert.False(EncodedFrame.Of(new ExecutionStatsNotice(1, NoStats) { IsFinal = true }).IsDroppable);
        Assert.False(EncodedFrame.Of(new StatusUpdateNotice(1, "running", default, 1)).IsDroppable);
        Assert.False(EncodedFrame.Of(new StreamErrorNotice(1, new StreamErrorBody("m", "c", default))).IsDroppable);
        Assert.False(EncodedFrame.Of(new ChatRemovedNotice(1)).IsDroppable);
        Assert.False(EncodedFrame.Control([0x89, 0]).IsDroppable);
    }
}
