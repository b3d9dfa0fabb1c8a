using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using NewLoom.Gateway.Health;

namespace NewLoom.Tests.Operations;

/// <summary>Probes cannot load what they ask about, and always get an answer.</summary>
public sealed class ProbeCheckTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HealthCheckContext _context = new();
    private Task _answer = Task.CompletedTask;
    private int _askedCount;

    [Fact]
    public async Task Check_AsksOnceASecond_HoweverOftenItIsAsked()
    {
        var check = Check();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(HealthStatus.Healthy, await StatusAsync(check));
        }

        Assert.Equal(1, _askedCount);
        _answer = Task.FromException(new StorageUnavailableException("secret of the database"));
        _time.Advance(ProbeCheck.Age);
        var result = await check.CheckHealthAsync(_context, TestContext.Current.CancellationToken);
        Assert.Equal((HealthStatus.Unhealthy, "refuses"), (result.Status, result.Description));
        Assert.Null(result.Exception);
        Assert.Equal(2, _askedCount);
    }

    [Fact]
    public async Task Check_FailsInTimeAndAsksNobodyElse_WhenThereIsNoAnswer()
    {
        var check = Check();
        var answer = new TaskCompletionSource();
        _answer = answer.Task;
        var statuses = new[] { StatusAsync(check), StatusAsync(check) };

        _time.Advance(ProbeCheck.Limit);
        Assert.Equal([HealthStatus.Unhealthy, HealthStatus.Unhealthy], await Task.WhenAll(statuses));
        var late = StatusAsync(check);
        Assert.Equal(1, _askedCount);

        answer.SetResult();
        Assert.Equal(HealthStatus.Healthy, await late);
    }

    private ProbeCheck Check() => new(
        () =>
        {
            _askedCount++;
            return _answer;
        },
        _time);

    private async Task<HealthStatus> StatusAsync(ProbeCheck check) =>
        (await check.CheckHealthAsync(_context, TestContext.Current.CancellationToken)).Status;
}
