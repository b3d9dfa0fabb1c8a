using NewLoom.Bench.Processes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Bench.Chaos;

/// <summary>A short run of <c>Bench chaos</c>, as anybody would start it. The long one's verdict is in the
/// README.</summary>
public sealed class ChaosTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task Cluster_KeepsEveryPromise_WhileItsProcessesAreKilled()
    {
        Requirement.Demand(PostgresServer.IsInstalled, "PostgreSQL");
        var seed = Random.Shared.Next();

        var run = await ProgramRun.OfAsync(
            Requirement.Program("dotnet"), AppContext.BaseDirectory, Limit, TestContext.Current.CancellationToken,
            Path.Combine(AppContext.BaseDirectory, "NewLoom.Bench.dll"), "chaos", "--failures", "8",
            "--seed", $"{seed}", "--outage-max", "5", "--chats", "6", "--streams", "2");

        TestContext.Current.TestOutputHelper?.WriteLine($"{run.Errors}\n{run.Output}");
        Assert.True(run.ExitCode == 0, $"{run.Errors}\n{run.Output}");
        Assert.Contains("chaos       8 failures", run.Output, StringComparison.Ordinal);
        Requirement.Demand(
            run.Output.Contains("cuts by network namespaces", StringComparison.Ordinal),
            "network namespaces, so that no network was cut in this run");
    }
}
