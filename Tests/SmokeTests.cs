namespace NewLoom.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Test_Runs() => Assert.NotNull(TestContext.Current);
}
