using NewLoom.Bench.Sockets;

namespace NewLoom.Tests.Bench.Sockets;

public sealed class HandshakeTests
{
    private const string Answer =
        "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    [Fact]
    public void Handshake_LeavesTheFramesThatCameWithTheAnswer()
    {
        var reader = new FrameReader();
        Fill(reader, Answer[..^1]);
        Assert.False(Handshake.TryReadAnswer(reader));

        Fill(reader, "\n\u0001");

        Assert.True(Handshake.TryReadAnswer(reader));
        Assert.Equal([1], reader.Unread.ToArray());
    }

    [Theory]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: another=\r\n\r\n")]
    public void Handshake_Fails_WhenTheServerRefuses(string answer)
    {
        var reader = new FrameReader();
        Fill(reader, answer);

        Assert.Throws<InvalidDataException>(() => Handshake.TryReadAnswer(reader));
    }

    private static void Fill(FrameReader reader, string text) =>
        reader.Received(System.Text.Encoding.ASCII.GetBytes(text, reader.FreeSpace().Span));
}
