using NewLoom.Bench.Fuzzing;
using NewLoom.Bench.Processes;
using NewLoom.Bench.Timing;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Bench.Fuzzing;

/// <summary>A short run of what <c>Bench fuzz</c> does for as long as one likes.</summary>
[Collection(SharedService.Name)]
public sealed class GatewayFuzzTests(ServiceFixture fixture)
{
    private const int FrameCount = 3_000;

    [Fact]
    public async Task Gateway_AnswersOrClosesEverySocket_WhateverIsSent()
    {
        var processes = new ProcessTree([fixture.Service.Process.Id]);
        var clock = new MonotonicClock(TimeProvider.System);
        var fuzz = new GatewayFuzz(fixture.Service.HttpUri, ServiceProcess.AdminToken, processes, clock);

        var result = await fuzz.RunAsync(FrameCount, Random.Shared.Next(), TestContext.Current.CancellationToken);

        Assert.True(result.Clean, result.Summary());
        Assert.True(result.Replies > FrameCount / 20, result.Summary());
        Assert.False(fixture.Service.Process.HasExited);
    }
}
