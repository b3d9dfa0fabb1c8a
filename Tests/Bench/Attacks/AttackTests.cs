using NewLoom.Bench.Attacks;
using NewLoom.Bench.Processes;
using NewLoom.Bench.Timing;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Bench.Attacks;

/// <summary>A short run of <c>Bench attacks</c>, on a service with the default limits. How fast it stays is for the
/// long run to say: here other tests have the machine too.</summary>
public sealed class AttackTests
{
    private const double Scale = 0.05;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task WellBehavedClients_GoOn_AndTheMemoryComesBack_WhateverAttackersDo()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["NewLoom__Limits__FailedAuthenticationsPerMinute"] = null,
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
            Assert.InRange(outcome.AfterMegabytes!.Value - outcome.BeforeMegabytes!.Value, double.MinValue, 64);
        });
        Assert.Contains("HTTP 429", result.Outcomes.Single(outcome => outcome.Attack == "bad tokens").Answer);
        Assert.Contains("1009", result.Outcomes.Single(outcome => outcome.Attack == "1-byte pieces").Answer);
        Assert.False(service.Process.HasExited);
    }
}
