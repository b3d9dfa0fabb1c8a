using System.Text;
using NewLoom.Bench.Deliveries;

namespace NewLoom.Tests.Bench.Deliveries;

public sealed class MessageFrameTests
{
    [Fact]
    public void MessageFrame_IsThePlainProfiles() => Assert.Equal(
        """{"type":"message","chat_id":9007199254740991,"content":"hello"}""",
        Encoding.UTF8.GetString(MessageFrame.Send(9_007_199_254_740_991, "hello"u8)));

    [Theory]
    [InlineData("""{"type":"message","message":{"id":9,"chat_id":12,"seq":345}}""", 345)]
    [InlineData("""{"type":"message","message":{"seq": 6, "id":9}}""", 6)]
    [InlineData("""{"type":"message","message":{"id":9}}""", null)]
    public void MessageFrame_ReadsTheServersNumber_WhenThereIsOne(string payload, int? expected)
    {
        var found = MessageFrame.TryReadSequence(Encoding.UTF8.GetBytes(payload), out var sequence);

        Assert.Equal(expected, found ? (int)sequence : null);
    }
}
