using NewLoom.Bench.Chaos;
using NewLoom.Bench.Processes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Bench.Chaos;

/// <summary>A short run of <c>Bench chaos</c>, as anybody would start it, with every kind of failure. The long one's
/// verdict is in the README.</summary>
public sealed class ChaosTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly string[] Kinds = Enum.GetNames<FailureKind>();

    [Fact]
    public async Task Cluster_KeepsEveryPromise_WhileItsProcessesAreKilled()
    {
        Requirement.Demand(PostgresServer.IsInstalled, "PostgreSQL");
        var seed = Random.Shared.Next();

        var run = await ProgramRun.OfAsync(
            Requirement.Program("dotnet"), AppContext.BaseDirectory, Limit, TestContext.Current.CancellationToken,
            Path.Combine(AppContext.BaseDirectory, "NewLoom.Bench.dll"), "chaos", "--failures", $"{Kinds.Length}",
            "--seed", $"{seed}", "--outage-max", "5", "--chats", "6", "--streams", "2");

        TestContext.Current.TestOutputHelper?.WriteLine($"{run.Errors}\n{run.Output}");
        Assert.True(run.ExitCode == 0, $"{run.Errors}\n{run.Output}");
        Assert.Contains($"chaos       {Kinds.Length} failures", run.Output, StringComparison.Ordinal);
        Requirement.Demand(
            run.Output.Contains("cuts by network namespaces", StringComparison.Ordinal),
            "network namespaces, so that no network was cut in this run");
        Assert.All(Kinds, kind => Assert.Contains($"   1 {kind} ", run.Output, StringComparison.Ordinal));
    }
}
