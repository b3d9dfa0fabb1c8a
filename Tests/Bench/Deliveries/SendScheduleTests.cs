using NewLoom.Bench.Deliveries;

namespace NewLoom.Tests.Bench.Deliveries;

public sealed class SendScheduleTests
{
    [Fact]
    public void Schedule_KeepsTheRate_WhenItsIntervalIsNotAWholeNumber()
    {
        var schedule = new SendSchedule(StartNanoseconds: 500, Rate: 3, Messages: 3_000_000);

        Assert.Equal(500, schedule.DueNanoseconds(0));
        Assert.Equal(333_333_833, schedule.DueNanoseconds(1));
        Assert.Equal(1_000_000_000_000_500, schedule.DueNanoseconds(3_000_000));
    }

    [Theory]
    [InlineData(15, 1000, 15_000)]
    [InlineData(0.1, 0.1, 1)]
    public void Schedule_HasAtLeastOneMessage(double seconds, double rate, int messages) =>
        Assert.Equal(messages, SendSchedule.MessagesIn(TimeSpan.FromSeconds(seconds), rate));
}
