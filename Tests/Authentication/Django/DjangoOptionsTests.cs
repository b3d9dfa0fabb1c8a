using Microsoft.Extensions.Configuration;
using NewLoom.Gateway.Authentication.Django;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>What may be configured, and how a wrong value is told.</summary>
public sealed class DjangoOptionsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("ConnectionString", "")]
    [InlineData("ConnectionString", "garbage with-a-secret")]
    [InlineData("ConnectionString", "Data Source=:memory:")]
    [InlineData("ConnectionString", "Host=localhost")]
    [InlineData("ConnectionString", "Host=localhost;Database=site;Port=with-a-secret")]
    [InlineData("ConnectionString", "Host=localhost;Database=site;with-a-secret=1")]
    [InlineData("SecretKey", "")]
    [InlineData("SecretKeyFallbacks:0", "")]
    [InlineData("SessionCookieAge", "00:00:00")]
    [InlineData("SessionCookieAge", "soon")]
    public async Task Start_FailsNamingTheKey_WhenAValueIsWrong(string key, string value)
    {
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["NewLoom__Authentication__Django__ConnectionString"] = "Host=localhost;Database=site",
            ["NewLoom__Authentication__Django__SecretKey"] = "a key",
            [$"NewLoom__Authentication__Django__{key.Replace(":", "__", StringComparison.Ordinal)}"] = value,
        });

        var process = service.Launch();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Limit, TestContext.Current.CancellationToken);

        var said = Assert.Single(service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("NewLoom did not start: ", said, StringComparison.Ordinal);
        Assert.Contains(
            $"{DjangoOptions.SectionName}:{key.Split(':')[0]}", said, StringComparison.Ordinal);
        Assert.DoesNotContain("with-a-secret", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Validator_TellsEverythingThatIsWrong()
    {
        var result = new DjangoOptionsValidator(new ConfigurationBuilder().Build()).Validate(null, new DjangoOptions { SessionCookieAge = default });

        Assert.Equal(
            ["ConnectionString", "SecretKey", "SessionCookieAge"],
            result.Failures!.Select(failure => failure.Split(' ')[0]));
    }
}
