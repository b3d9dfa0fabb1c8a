using System.Diagnostics;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets.Streams;

/// <summary>A publisher that reports too fast is told, and what was refused never counted.</summary>
public sealed class ReportLimitTests : IAsyncLifetime
{
    private const int ReportsPerSecond = 1;
    private const int ReportBurst = 5;

    private readonly ServiceProcess _service = new(new Dictionary<string, string?>
    {
        ["NewLoom__Limits__ReportsPerSecond"] = $"{ReportsPerSecond}",
        ["NewLoom__Limits__ReportBurst"] = $"{ReportBurst}",
    });

    public async ValueTask InitializeAsync() => await _service.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Reports_AreLimited_EachSocketForItself_AndTheRefusedOnesChangeNothing()
    {
        const int Sent = 20;
        await using var room = await StreamRoom.OpenAsync(_service);
        var other = await room.OpenMoreAsync(room.AliceUser, query: "streams=none");
        var clock = Stopwatch.StartNew();

        for (var i = 0; i < Sent; i++)
        {
            await room.Alice.SendAsync(room.Error($"{i}").With("request_id", $"{i}"));
        }

        var refused = await room.Alice.UntilHeartbeatAsync();
        var accepted = Sent - refused.Count;
        Assert.InRange(accepted, ReportBurst, ReportBurst + (int)(ReportsPerSecond * clock.Elapsed.TotalSeconds) + 1);
        Assert.All(refused, error => Golden.Equal(
            room.Of(
                """
                {"type":"error","code":"rate_limited","message":"Too many messages","stream_id":$stream,
                 "request_id":"#text","retry_after_ms":"#wait"}
                """),
            error));

        await other.SendAsync(room.Error("of another socket"));
        string last;
        var seen = 0;
        do
        {
            last = (await room.Bob.NextAsync("error")).Get<string>("error.message");
            seen++;
        }
        while (last != "of another socket");

        Assert.Equal(accepted + 1, seen);
    }

    /// <summary>Refused reports of the warm-up would flow into the run that counts.</summary>
    [Fact]
    public async Task Bench_StopsAfterAWarmUp_ThatDidNotArrive()
    {
        var run = await ProgramRun.OfAsync(
            "dotnet", AppContext.BaseDirectory, TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken,
            "NewLoom.Bench.dll", "streams", "--url", $"{_service.HttpUri}", "--admin-token", ServiceProcess.AdminToken,
            "--viewers", "1", "--rate", "20", "--warmup", "0.5", "--seconds", "0.5", "--errors", "0",
            "--settle", "0.1", "--drain", "1");

        Assert.True(run.ExitCode == 2, run.Output + run.Errors);
        Assert.Contains("warm-up", run.Errors, StringComparison.Ordinal);
        Assert.Contains("--drain", run.Errors, StringComparison.Ordinal);
    }
}
