using NewLoom.Bench.Deliveries;

namespace NewLoom.Tests.Bench.Deliveries;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Histogram_TellsPercentiles_WithinItsResolution()
    {
        var histogram = new LatencyHistogram();
        for (var microseconds = 1; microseconds <= 100_000; microseconds++)
        {
            histogram.Add(microseconds);
        }

        Assert.InRange(histogram.PercentileMicroseconds(50), 50_000, 50_800);
        Assert.InRange(histogram.PercentileMicroseconds(99), 99_000, 100_000);
        Assert.Equal(100, histogram.PercentileMicroseconds(0.1));
        Assert.Equal(100_000, histogram.PercentileMicroseconds(100));
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(127, 127)]
    [InlineData(128, 128)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void Histogram_TakesAnyValue(long microseconds, long expected)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(microseconds);

        Assert.Equal(expected, histogram.PercentileMicroseconds(50));
    }

    [Fact]
    public void Histogram_SaysZero_WhenItIsEmpty() =>
        Assert.Equal(0, new LatencyHistogram().PercentileMicroseconds(99));
}
