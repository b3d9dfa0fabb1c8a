using System.Diagnostics;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Clients;

/// <summary>Workers in Python that report with <c>newloom_report.py</c>, as viewers see them.</summary>
[Collection(SharedService.Name)]
public sealed class PythonReporterTests(ServiceFixture fixture)
{
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(60);

    private static string Folder => Path.Combine(NodeClients.SourceFolder, "python");

    [Fact]
    public async Task OwnTests_Pass()
    {
        var run = await RunAsync("-m", "unittest");

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Matches(@"Ran [1-9]\d* tests", run.Errors);
    }

    [Fact]
    public async Task Worker_ThatEndsWell_IsSeenCompleted()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);

        var run = await RunAsync(WorkerArguments(room, "good"));

        Assert.True(run.ExitCode == 0, run.Errors);
        var frames = await UntilAsync(room.Bob, "completed");
        Assert.Equal(["running", "BAD_ROW: row 17 has no price", "completed"], Tellings(frames));
        AssertFinalStats(frames);
    }

    [Fact]
    public async Task Worker_WithAnException_IsSeenFailed_WithItsText()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);

        var run = await RunAsync(WorkerArguments(room, "failing"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("ValueError", run.Errors, StringComparison.Ordinal);
        var frames = await UntilAsync(room.Bob, "failed");
        Assert.Equal(
            [
                "running", "BAD_ROW: row 17 has no price",
                "ValueError: the file ends in the middle of a row: 😀", "failed",
            ],
            Tellings(frames));
        AssertFinalStats(frames);
    }

    [Theory]
    [InlineData("silent")]    // never a counter
    [InlineData("quiet")]    // counters at the beginning only
    public async Task Worker_ThatSaysNothingForTwoLeases_IsNotSeenStalled(string how)
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);

        var run = await RunAsync(WorkerArguments(room, how));

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(["running", "completed"], Tellings(await UntilAsync(room.Bob, "completed")));
    }

    [Fact]
    public async Task Worker_ThatIsKilled_IsSeenStalledThenLost()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        using var worker = Process.Start(
            new ProcessStartInfo(Requirement.Program("python3"), WorkerArguments(room, "endless"))
            {
                WorkingDirectory = Folder,
            })!;
        try
        {
            await room.Bob.NextAsync("error");
        }
        finally
        {
            worker.Kill();    // SIGKILL: no line of the worker runs any more
        }

        var frames = await UntilAsync(room.Bob, "lost");
        Assert.Equal(
            ["stalled", "LEASE_EXPIRED: The publisher has not reported within three times its lease", "lost"],
            Tellings(frames));
    }

    private static Task<ProgramRun> RunAsync(params string[] arguments) => ProgramRun.OfAsync(
        Requirement.Program("python3"), Folder, RunLimit, TestContext.Current.CancellationToken, ["-B", .. arguments]);

    private string[] WorkerArguments(StreamRoom room, string how) =>
        ["worker.py", $"{fixture.Service.HttpUri}", $"{room.StreamId}", room.AliceUser.Token, how];

    private static async Task<List<JsonObject>> UntilAsync(TestSocket viewer, string status)
    {
        List<JsonObject> frames = [];
        do
        {
            frames.Add(await viewer.NextAsync());
        }
        while (frames[^1]["status"]?.GetValue<string>() != status);

        return frames;
    }

    /// <summary>The statuses and errors, in order.</summary>
    private static IEnumerable<string> Tellings(List<JsonObject> frames) => frames
        .Where(frame => frame.Get<string>("type") is "status_update" or "error")
        .Select(frame => frame["error"] is { } error
            ? $"{error.Get<string>("code")}: {error.Get<string>("message")}"
            : frame.Get<string>("status"));

    private static void AssertFinalStats(List<JsonObject> frames)
    {
        var last = frames.Last(frame => frame.Get<string>("type") == "execution_stats");
        Assert.Equal(
            (1_000, 1, 2_000),
            (last.Get<long>("stats.processed_count"), last.Get<long>("stats.failed_count"),
                last.Get<long>("stats.total_count")));
    }
}
