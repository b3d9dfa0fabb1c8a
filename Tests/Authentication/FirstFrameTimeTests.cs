using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication;

/// <summary>A socket that never says who it is, on a service that gives it a second; this takes real time.</summary>
public sealed class FirstFrameTimeTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);    // for a busy machine

    [Fact]
    public async Task Socket_GetsErrorAnd4401_WhenItDoesNotAuthenticateInTime()
    {
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["NewLoom__Limits__AuthenticationTimeout"] = "00:00:01",
        });
        await service.StartAsync(TestContext.Current.CancellationToken);
        var asked = TimeProvider.System.GetTimestamp();
        await using var socket = await TestSocket.OpenAsync(service, token: null, isExtended: true);
        var opened = TimeProvider.System.GetTimestamp();

        await Credentials.ExpectFailedAsync(socket);

        Assert.True(TimeProvider.System.GetElapsedTime(asked) >= Timeout);
        Assert.True(TimeProvider.System.GetElapsedTime(opened) < Timeout + Slack);
    }
}
