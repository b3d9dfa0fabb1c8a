using NewLoom.Bench.Sockets;

namespace NewLoom.Tests.Bench.Sockets;

public sealed class FrameWriterTests
{
    // RFC 6455 §5.7: a single-frame masked text message.
    [Fact]
    public void Writer_WritesTheExampleOfTheStandard()
    {
        var frame = new byte[FrameWriter.HeaderBytesMax + 5];

        var byteCount = FrameWriter.Write(frame, Opcode.Text, "Hello"u8, 0x37FA213D);

        Assert.Equal("818537FA213D7F9F4D5158", Convert.ToHexString(frame.AsSpan(0, byteCount)));
    }

    [Theory]
    [InlineData(125, "81FD")]
    [InlineData(126, "81FE007E")]
    [InlineData(65_535, "81FEFFFF")]
    public void Writer_ChoosesTheShortestLength(int size, string header)
    {
        var frame = new byte[FrameWriter.HeaderBytesMax + size];

        var byteCount = FrameWriter.Write(frame, Opcode.Text, new byte[size], 0x01020304);

        Assert.StartsWith(header + "01020304" + "01020304", Convert.ToHexString(frame));
        Assert.Equal(header.Length / 2 + 4 + size, byteCount);
    }
}
