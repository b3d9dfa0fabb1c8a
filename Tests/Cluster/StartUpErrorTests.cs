using NewLoom.Tests.Support;

namespace NewLoom.Tests.Cluster;

/// <summary>A member of a cluster that cannot work ends with one sentence that names what to mend.</summary>
public sealed class StartUpErrorTests
{
    private const string Server = "Host=127.0.0.1;Port=1;Database=newloom";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("Silo", "Sqlite", Server, null, null, "NewLoom:Storage must be PostgreSql when NewLoom:Clustering is")]
    [InlineData("Silo", "PostgreSql", "Data Source=x.db", null, null, "ConnectionStrings:NewLoom must")]
    [InlineData("Gateway", "PostgreSql", null, null, null, "ConnectionStrings:NewLoom must")]
    [InlineData("Gateway", "PostgreSql", "Host=db;Pasword=hunter2", null, null, "ConnectionStrings:NewLoom must")]
    [InlineData("Silo", "PostgreSql", Server, "NewLoom__AdvertisedAddress", "db", "NewLoom:AdvertisedAddress must")]
    [InlineData("Silo", "PostgreSql", Server, "NewLoom__AdvertisedAddress", "0.0.0.0", "NewLoom:AdvertisedAddress must")]
    [InlineData("Silo", "PostgreSql", Server, "NewLoom__AdvertisedAddress", "192.0.2.1", "NewLoom:AdvertisedAddress")]
    [InlineData("Gateway", "PostgreSql", Server, "NewLoom__ClusterId", "a b", "NewLoom:ClusterId must")]
    [InlineData("Gateway", "PostgreSql", Server, "NewLoom__ServiceId", "", "NewLoom:ServiceId must")]
    [InlineData("Silo", "PostgreSql", Server, "NewLoom__Gateway__Enabled", "maybe", "NewLoom:Gateway:Enabled must")]
    [InlineData("Gateway", "PostgreSql", Server, "NewLoom__Drain__Window", "01:00:00", "NewLoom:Drain:Window must")]
    public async Task Start_FailsNamingTheKey_WhenAMemberIsConfiguredWrongly(
        string program, string storage, string? database, string? variable, string? value, string named)
    {
        var settings = new Dictionary<string, string?>
        {
            ["NewLoom__Storage"] = storage,
            ["NewLoom__Clustering"] = "PostgreSql",
            ["ConnectionStrings__NewLoom"] = database,
        };
        settings[variable ?? "NewLoom__AdvertisedAddress"] = value ?? "127.0.0.1";
        await using var process = new ServiceProcess(settings, program: program);

        var ended = process.Launch();
        await ended.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(1, ended.ExitCode);
        Assert.Single(process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("NewLoom did not start: ", process.Output, StringComparison.Ordinal);
        Assert.Contains(named, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", process.Output, StringComparison.Ordinal);
    }
}
