using Microsoft.Extensions.Time.Testing;
using NewLoom.Grains.Users;
using NewLoom.Users;

namespace NewLoom.Tests.Users;

public sealed class MessageRateTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly MessageRate _rate;

    public MessageRateTests() => _rate = new MessageRate(perSecond: 20, burst: 40, _time);

    [Fact]
    public void Rate_GrantsTheBurstAtOnce_WhenNew() => Assert.Equal(40, TakeAll());

    [Fact]
    public void Rate_GrantsTheBurstAgain_WhenEmptyForTwoSeconds()
    {
        TakeAll();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(40, TakeAll());
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(40, TakeAll());
    }

    [Fact]
    public void Rate_CountsWhatAGatewayHolds_WhenItMayStillBeSpent()
    {
        var held = _rate.Take(MessageAllowance.ChunkCount).Count;
        _time.Advance(MessageAllowance.Lifetime / 2);
        Assert.Equal(40, held + TakeAll());
    }

    [Fact]
    public void Rate_ForgetsWhatAGatewayHeld_WhenItIsVoid()
    {
        _rate.Take(MessageAllowance.ChunkCount);
        _time.Advance(MessageAllowance.Lifetime + TimeSpan.FromSeconds(1));
        Assert.Equal(40, TakeAll());
    }

    [Fact]
    public void Rate_GrantsTwentyASecond_WhenAskedAllTheTime()
    {
        TakeAll();
        var granted = 0;
        for (var i = 0; i < 1_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            granted += _rate.Take(MessageAllowance.ChunkCount).Count;
        }

        Assert.Equal(200, granted);
    }

    [Fact]
    public void Rate_GrantsOne_WhenTheRetryTimeIsOver()
    {
        TakeAll();
        var refused = _rate.Take(1);
        Assert.Equal((0, TimeSpan.FromMilliseconds(50)), (refused.Count, refused.RetryAfter));
        _time.Advance(refused.RetryAfter);
        Assert.Equal(1, _rate.Take(8).Count);
    }

    private int TakeAll()
    {
        var total = 0;
        while (_rate.Take(MessageAllowance.ChunkCount).Count is var count and > 0)
        {
            total += count;
        }

        return total;
    }
}
