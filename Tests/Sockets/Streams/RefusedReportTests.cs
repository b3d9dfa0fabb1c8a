using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets.Streams;

/// <summary>A refused report says what was wrong, and changes nothing.</summary>
[Collection(SharedService.Name)]
public sealed class RefusedReportTests(ServiceFixture fixture)
{
    private const string NotAuthorized =
        """{"type":"error","code":"permission_denied","message":"Not authorized for this stream","stream_id":#}""";

    public static TheoryData<string> Names => [.. RefusedReports.All.Select(report => report.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Report_GetsInvalidFormat_NamingTheField_AndChangesNothing(string name)
    {
        var (_, text, detail) = RefusedReports.All.Single(report => report.Name == name);
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        await room.Alice.SendAsync(room.Status("running"));
        await room.Bob.NextAsync("status_update");
        var before = await SnapshotAsync(room);

        await room.Alice.SendAsync(text.Replace("@", $"{room.StreamId}", StringComparison.Ordinal));

        var error = await room.Alice.NextAsync();
        Assert.Equal("invalid_format", error.Get<string>("code"));
        Assert.Equal("Invalid message format", error.Get<string>("message"));
        Assert.Contains(detail, error.Get<string>("detail"), StringComparison.Ordinal);
        AssertSame(before, await SnapshotAsync(room));
        Assert.DoesNotContain(await room.Bob.UntilHeartbeatAsync(), IsNews);
    }

    [Fact]
    public async Task Report_LooksTheSame_WithoutTheRightAndWithoutTheStream()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        var stranger = await room.OpenMoreAsync(await fixture.World.UserAsync());
        const long Unknown = 4_000_000_000;
        JsonObject[] frames =
        [
            room.Status("running"), room.Stats(1), room.Error("oops"),
            room.Status("running").With("stream_id", Unknown),
            room.Stats(1).With("stream_id", Unknown), room.Error("oops").With("stream_id", Unknown),
        ];
        foreach (var socket in new[] { room.Bob, stranger })
        {
            foreach (var frame in frames)
            {
                await socket.SendAsync(frame.DeepClone());
                Golden.Equal(
                    NotAuthorized.Replace("#", $"{frame["stream_id"]}", StringComparison.Ordinal),
                    await socket.NextAsync());
            }
        }

        await stranger.SendAsync(room.Subscribe().With("request_id", "r"));
        Assert.Equal("permission_denied", (await stranger.NextAsync()).Get<string>("code"));
        Assert.Equal(0, (await SnapshotAsync(room)).Get<long>("version"));
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("failed")]
    [InlineData("cancelled")]
    public async Task FinishedExecution_RefusesEverything_ButANewStart(string end)
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        await room.Alice.SendAsync(room.Status("running"));
        await room.Alice.SendAsync(room.Stats(5));
        await room.Alice.SendAsync(room.Status(end));
        while ((await room.Bob.NextAsync("status_update")).Get<string>("status") != end)
        {
        }

        var before = await SnapshotAsync(room);
        foreach (var frame in new[]
        {
            room.Status("paused"), room.Status("completed"), room.Status("failed"), room.Status("cancelled"),
            room.Stats(9), room.Error("late"),
        })
        {
            await room.Alice.SendAsync(frame.With("request_id", "late"));
            Golden.Equal(
                room.Of(
                    """
                    {"type":"error","code":"invalid_state","message":"Execution has already finished",
                     "stream_id":$stream,"request_id":"late"}
                    """),
                await room.Alice.NextAsync());
        }

        AssertSame(before, await SnapshotAsync(room));
        Assert.DoesNotContain(await room.Bob.UntilHeartbeatAsync(), IsNews);
        await room.Alice.SendAsync(room.Status("pending"));
        var next = await room.Bob.NextAsync("status_update");
        Assert.Equal(("pending", 2), (next.Get<string>("status"), next.Get<int>("execution")));
        Assert.Equal(0, (await SnapshotAsync(room)).Get<long>("stats.processed_count"));
    }

    [Fact]
    public async Task LowerCounters_AreIgnored_FieldByField()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        await room.Alice.SendAsync(room.Stats(50, failed: 2, total: 80));
        await room.Bob.NextAsync("execution_stats");
        await room.Alice.SendAsync(room.Stats(40, failed: 3, total: 70));

        var stats = (await room.Bob.NextAsync("execution_stats"))["stats"]!.AsObject();

        Assert.Equal(
            (50, 3, 80),
            (stats.Get<long>("processed_count"), stats.Get<long>("failed_count"), stats.Get<long>("total_count")));
        await room.Alice.SendAsync(room.Stats(1));
        await room.Alice.SendAsync(room.Error("after"));
        Assert.Equal("error", (await room.Bob.NextAsync()).Get<string>("type"));    // unchanged counters are no news
    }

    [Theory]
    [InlineData("streams:view", true, "permission_denied")]
    [InlineData("streams:publish", true, null)]
    [InlineData("chat", false, null)]
    public async Task Token_MayDoWhatItsScopesSay(string scope, bool opens, string? reportRefusal)
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        using var admin = fixture.Service.Http();
        var answer = await admin.PostAsJsonAsync(
            $"api/users/{room.AliceUser.Name}/tokens", new { scopes = new[] { scope } },
            TestContext.Current.CancellationToken);
        var token = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        var socket = await room.OpenMoreAsync((room.AliceUser.Name, token.Get<string>("token")));
        if (!opens)
        {
            Assert.Equal("connection_error", (await socket.NextAsync()).Get<string>("code"));
            Assert.Equal(4401, (await socket.UntilClosedAsync()).Code);
            return;
        }

        await socket.SendAsync(room.Status("running"));
        if (reportRefusal is not null)
        {
            Assert.Equal(reportRefusal, (await socket.NextAsync()).Get<string>("code"));
            return;
        }

        await room.Bob.NextAsync("status_update");
        Assert.Empty(await socket.UntilHeartbeatAsync());    // it may not view
    }

    private static bool IsNews(JsonObject frame) => frame.Get<string>("type") != "heartbeat";

    private static async Task<JsonObject> SnapshotAsync(StreamRoom room)
    {
        await using var probe = await room.OpenMoreAsync(room.BobUser, query: "streams=none");
        await probe.SendAsync(room.Subscribe());
        return await probe.NextAsync("snapshot");
    }

    private static void AssertSame(JsonObject before, JsonObject after)
    {
        foreach (var snapshot in new[] { before, after })
        {
            snapshot["stats"]!.AsObject().Remove("execution_time");    // passes while a job runs
        }

        Assert.Equal(before.ToJsonString(), after.ToJsonString());
    }
}
