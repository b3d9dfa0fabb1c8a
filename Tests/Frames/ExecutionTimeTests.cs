using NewLoom.Gateway.Frames;

namespace NewLoom.Tests.Frames;

public sealed class ExecutionTimeTests
{
    [Theory]
    [InlineData("00:00:00", 0)]
    [InlineData("00:05:23", 323)]
    [InlineData("23:59:59", 86_399)]
    [InlineData("24:00:00", 86_400)]
    [InlineData("100:05:23", 360_323)]
    [InlineData("999999:59:59", 3_599_999_999)]
    public void Time_IsReadAndWritten(string text, long seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), ExecutionTime.Parse(text));
        Assert.Equal(text, ExecutionTime.Format(TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public void Fractions_AreDropped() =>
        Assert.Equal("00:00:01", ExecutionTime.Format(TimeSpan.FromMilliseconds(1_999)));

    [Theory]
    [InlineData("")]
    [InlineData("5:23")]
    [InlineData("0:05:23")]
    [InlineData("00:5:23")]
    [InlineData("00:60:00")]
    [InlineData("00:00:60")]
    [InlineData("00:00:-1")]
    [InlineData("-1:00:00")]
    [InlineData("+1:00:00")]
    [InlineData(" 01:00:00")]
    [InlineData("00:05:23.5")]
    [InlineData("1.00:00:00")]
    [InlineData("1000000:00:00")]
    [InlineData("99999999999:00:00")]
    [InlineData("٠٠:٠٠:٠٠")]
    public void OtherText_IsNoTime(string text) => Assert.Null(ExecutionTime.Parse(text));
}
