using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Sessions;

/// <summary>Sessions outlive the process, and their secrets stay out of its logs.</summary>
public sealed class SessionRestartTests
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_Holds_AfterARestart_AndIsNotLogged(bool isKilled)
    {
        var home = Directory.CreateTempSubdirectory("newloom-home-");
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["HOME"] = home.FullName,
            ["Logging__LogLevel__NewLoom"] = "Trace",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace",
            ["Logging__LogLevel__Microsoft.AspNetCore.DataProtection"] = "Trace",
            ["Logging__Console__FormatterOptions__IncludeScopes"] = "true",
        });
        await service.StartAsync(_ct);
        var user = await new World(service).UserAsync();
        using var visitor = await Visitor.BeginAsync(service, user.Token);
        using var ended = await Visitor.BeginAsync(service, user.Token);
        await ended.EndAsync();

        await (isKilled ? service.KillAsync(_ct) : service.StopAsync(_ct));
        home.Delete(recursive: true);    // as on another machine: what the service needs is in its database
        await service.StartAsync(_ct);

        Assert.Equal((200, 401), (await visitor.ProbeAsync(), await ended.ProbeAsync()));
        await using (var socket = await visitor.OpenSocketAsync())
        {
            Assert.Empty(await socket.UntilHeartbeatAsync());
        }

        Assert.Contains("dbug: Microsoft.AspNetCore", service.Output, StringComparison.Ordinal);
        Assert.All(
            new[] { visitor.Cookie, ended.Cookie },
            cookie => Assert.DoesNotContain(cookie.Split('=')[1], service.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("masterKey", service.Output, StringComparison.OrdinalIgnoreCase);
    }
}
