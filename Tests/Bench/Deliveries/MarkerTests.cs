using NewLoom.Bench.Deliveries;

namespace NewLoom.Tests.Bench.Deliveries;

public sealed class MarkerTests
{
    private static readonly Marker Marker = new(12_345_678, 999_999, 42, 1_234_567_890_123_456);

    [Fact]
    public void Marker_IsFound_InTheFrameThatCarriesIt()
    {
        var content = new byte[64];
        Marker.Write(content);

        Assert.True(Marker.TryFind(MessageFrame.Send(1000, content), out var found));
        Assert.Equal(Marker, found);
    }

    [Theory]
    [InlineData("""{"type":"error","code":"rate_limited"}""")]
    [InlineData("""{"content":"@@123"}""")]
    [InlineData("""{"content":"@@ a mail address in a text of somebody else, and long enough"}""")]
    public void Marker_IsNotFound_InWhatOthersSay(string payload) =>
        Assert.False(Marker.TryFind(System.Text.Encoding.UTF8.GetBytes(payload), out _));
}
