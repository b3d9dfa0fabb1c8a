using NewLoom.Gateway.Authentication.Keys;

namespace NewLoom.Tests.Authentication.Keys;

public sealed class KeyPlanTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void FirstKey_IsUsedAtOnce_ForNinetyDays() =>
        Assert.Equal((Now, Now.AddDays(90)), KeyPlan.FindNext(newestEnd: null, Now));

    [Theory]
    [InlineData(90)]
    [InlineData(8)]
    public void NoKey_IsDue_LongBeforeTheNewestEnds(int days) =>
        Assert.Null(KeyPlan.FindNext(Now.AddDays(days), Now));

    [Fact]
    public void Successor_FollowsTheNewest_WithoutAGap()
    {
        var end = Now.AddDays(7);
        Assert.Equal((end, end.AddDays(90)), KeyPlan.FindNext(end, Now));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-30)]
    public void Successor_WaitsUntilAllGatewaysHaveSeenIt_WhenTheNewestHasEnded(int days)
    {
        var start = Now + (2 * KeyPlan.RefreshInterval);
        Assert.Equal((start, start.AddDays(90)), KeyPlan.FindNext(Now.AddDays(days), Now));
    }
}
