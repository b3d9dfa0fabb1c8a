using NewLoom.Bench.Attacks;
using NewLoom.Bench.Processes;
using NewLoom.Bench.Timing;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Bench.Attacks;

/// <summary>A short run of <c>Bench attacks</c>, on a service whose limits are nearly the default ones. How fast it stays
/// is for the long run to say: here other tests have the machine too, and only a stall fails.</summary>
public sealed class AttackTests
{
    private const double Scale = 0.05;
    private const double StallMilliseconds = 5_000;
    private const double GrowthMegabytesMax = 64;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task WellBehavedClients_GoOn_AndTheMemoryComesBack_WhateverAttackersDo()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["NewLoom__Limits__FailedAuthenticationsPerMinute"] = null,
            ["NewLoom__Limits__AuthenticationTimeout"] = "00:00:01",    // so that it ends before the attack does
            ["NewLoom__Limits__MessagesBurst"] = "1000",    // for clients that catch up after the machine was busy
        });
        await service.StartAsync(ct);
        var clock = new MonotonicClock(TimeProvider.System);
        var run = new AttackRun(
            service.HttpUri, ServiceProcess.AdminToken, new ProcessTree([service.Process.Id]), clock);

        var result = await run.RunAsync(AttackRun.All(clock.Time), Duration, Scale, ct);

        Assert.All(result.Outcomes, outcome =>
        {
            Assert.Null(outcome.Trouble);
            Assert.True(outcome.Messages > 0, outcome.Attack);
            Assert.InRange(outcome.P99Milliseconds, 0, StallMilliseconds);
        });
        var growth = result.Outcomes[^1].AfterMegabytes!.Value - result.Outcomes[1].BeforeMegabytes!.Value;
        Assert.InRange(growth, double.MinValue, GrowthMegabytesMax);    // over all attacks, once warm
        AssertAnswer("silent sockets", "closed with 4401");
        AssertAnswer("1-byte pieces", "closed with 1009");
        AssertAnswer("bad tokens", "HTTP 429");
        AssertAnswer("bad tokens", "upgrades refused");
        Assert.False(service.Process.HasExited);

        void AssertAnswer(string attack, string answer) => Assert.Contains(
            answer, result.Outcomes.Single(outcome => outcome.Attack == attack).Answer, StringComparison.Ordinal);
    }
}
