using System.Diagnostics;
using NewLoom.Grains.Users;
using NewLoom.Users;

namespace NewLoom.Tests.Users;

/// <summary>The library's bucket knows no clock but the machine's: tests that fill it are so fast that a wait is short,
/// and the others so slow that nothing is filled meanwhile.</summary>
public sealed class MessageRateTests
{
    private const int Chunk = MessageAllowance.ChunkCount;
    private const int Burst = 40;

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly MessageRate _slow = new(perSecond: 1, Burst);
    private readonly MessageRate _fast = new(perSecond: 1_000, Burst);

    [Fact]
    public void Rate_GrantsExactlyTheBurstAtOnce_WhenNew() => Assert.Equal(Burst, TakeAll(_slow));

    [Fact]
    public async Task Rate_GrantsExactlyTheBurst_WhenItWasFullForLong()
    {
        await FillAsync(Burst);
        var clock = Stopwatch.StartNew();
        Assert.InRange(TakeAll(_fast), Burst, Burst + Came(clock));
    }

    [Fact]
    public async Task Rate_CountsWhatAGatewayHolds_WhenItMayStillBeSpent()
    {
        Take(_fast, 1);
        await FillAsync(Burst);

        // All that it took was held until just now, so the bucket could fill up to the rest of the burst only.
        var clock = Stopwatch.StartNew();
        Assert.InRange(TakeAll(_fast), Burst - Chunk, Burst - Chunk + Came(clock));
    }

    [Fact]
    public async Task Rate_GrantsTheWholeBurst_WhenTheGatewayHasHeldNothingForLong()
    {
        Take(_fast, Burst / Chunk);
        await FillAsync(Burst);
        var clock = Stopwatch.StartNew();
        var first = _fast.Take(Chunk, emptyFor: TimeSpan.FromSeconds(1)).Count;
        Assert.InRange(first + TakeAll(_fast), Burst, Burst + Came(clock));
    }

    [Fact]
    public void Rate_SaysWhenTheNextOneComes_WhenEmpty()
    {
        TakeAll(_slow);
        var refused = _slow.Take(1, TimeSpan.Zero);
        Assert.Equal((0, TimeSpan.FromSeconds(1)), (refused.Count, refused.RetryAfter));
    }

    [Fact]
    public async Task Rate_GrantsOne_WhenTheRetryTimeIsOver()
    {
        var rate = new MessageRate(perSecond: 20, Burst);
        TakeAll(rate);
        var refused = rate.Take(1, TimeSpan.Zero);

        // Timers may fire some milliseconds early by the clock of the limiter.
        await Task.Delay(refused.RetryAfter + TimeSpan.FromMilliseconds(20), TimeProvider.System, _ct);
        Assert.InRange(rate.Take(Chunk, TimeSpan.Zero).Count, 1, Chunk);
    }

    [Fact]
    public void Rate_GrantsItsRateAndNoMore_WhenAskedAllTheTime()
    {
        TakeAll(_fast);
        var clock = Stopwatch.StartNew();
        var granted = 0;
        while (clock.ElapsedMilliseconds < 200)
        {
            granted += _fast.Take(Chunk, TimeSpan.Zero).Count;
        }

        Assert.InRange(granted, 100, Came(clock));
    }

    private static int Came(Stopwatch clock) => (int)clock.Elapsed.TotalMilliseconds + 1;

    /// <summary>Waits until so many have come to the fast one.</summary>
    private Task FillAsync(int count) =>
        Task.Delay(TimeSpan.FromMilliseconds(count + 10), TimeProvider.System, _ct);

    private static void Take(MessageRate rate, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(Chunk, rate.Take(Chunk, TimeSpan.Zero).Count);
        }
    }

    private static int TakeAll(MessageRate rate)
    {
        var total = 0;
        while (rate.Take(Chunk, TimeSpan.Zero).Count is var count and > 0)
        {
            total += count;
        }

        return total;
    }
}
