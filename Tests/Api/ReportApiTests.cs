using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Api;

/// <summary>Reports over HTTP count as those over the socket do.</summary>
public sealed class ReportApiTests(ServiceFixture fixture) : StreamApiTests(fixture)
{
    [Theory]
    [InlineData("pending")]
    [InlineData("running")]
    [InlineData("paused")]
    [InlineData("completed")]
    [InlineData("failed")]
    [InlineData("cancelled")]
    public async Task Status_IsTaken_AndAnsweredWithTheStreamsState(string status)
    {
        var room = await RoomAsync();
        var answer = await PostAsync(room.Alice, $"{room.Path}/status", $$"""{"status":"{{status}}"}""");
        Assert.Equal(
            (200, $$"""{"stream_id":{{room.StreamId}},"execution":1,"status":"{{status}}","version":1}"""),
            (answer.Status, answer.Body));
        var shown = Json(await GetAsync(room.Bob, room.Path));
        Assert.Equal((status, 1), (shown.Get<string>("status"), shown.Get<long>("version")));
    }

    [Theory]
    [InlineData("""{"processed_count":5,"failed_count":2,"total_count":9,"execution_time":"100:05:23"}""", 9, "100:05:23")]
    [InlineData("""{"processed_count":5,"failed_count":2}""", 7, "00:00:00")]
    [InlineData("""{"processed_count":5,"failed_count":2,"total_count":null,"more":1}""", 7, "00:00:00")]
    public async Task Stats_AreTaken_InTheFramesFormAndBare(string stats, long total, string time)
    {
        foreach (var body in new[] { stats, $$"""{"stats":{{stats}}}""" })
        {
            var room = await RoomAsync();
            var answer = await PostAsync(room.Alice, $"{room.Path}/stats", body);
            Assert.Equal(
                (200, $$"""{"stream_id":{{room.StreamId}},"execution":1,"status":"pending","version":0}"""),
                (answer.Status, answer.Body));
            Golden.Equal(
                $$"""{"processed_count":5,"failed_count":2,"total_count":{{total}},"execution_time":"{{time}}"}""",
                Json(await GetAsync(room.Bob, room.Path))["stats"]!);
        }
    }

    [Fact]
    public async Task Error_IsTaken_InTheFramesFormAndBare()
    {
        var room = await RoomAsync();
        var (message, code) = (new string('é', 4_000), new string('E', 64));
        foreach (var (body, version) in new[]
        {
            ("""{"error":{"message":"one","code":"E1","timestamp":"1999-01-01T00:00:00Z"}}""", 1),
            ($$"""{"message":"{{message}}","code":"{{code}}"}""", 2),
        })
        {
            var answer = await PostAsync(room.Alice, $"{room.Path}/errors", body);
            Assert.Equal(
                (200, $$"""{"stream_id":{{room.StreamId}},"execution":1,"status":"pending","version":{{version}}}"""),
                (answer.Status, answer.Body));
        }

        var errors = Json(await GetAsync(room.Bob, room.Path))["errors"]!;
        Golden.Equal(
            $$"""
            [{"message":"one","code":"E1","timestamp":"#time"},
             {"message":"{{message}}","code":"{{code}}","timestamp":"#time"}]
            """,
            errors);
        Assert.NotEqual("1999-01-01T00:00:00.000Z", errors[0]!.Get<string>("timestamp"));    // the service's time counts
    }

    [Fact]
    public async Task LowerCounters_AreIgnored_FieldByField()
    {
        var room = await RoomAsync();
        await PostAsync(
            room.Alice, $"{room.Path}/stats",
            """{"processed_count":50,"failed_count":2,"total_count":80,"execution_time":"00:00:09"}""");
        var lower = """{"processed_count":40,"failed_count":3,"total_count":70,"execution_time":"00:00:08"}""";
        Assert.Equal(200, (await PostAsync(room.Alice, $"{room.Path}/stats", lower)).Status);
        Golden.Equal(
            """{"processed_count":50,"failed_count":3,"total_count":80,"execution_time":"00:00:09"}""",
            Json(await GetAsync(room.Alice, room.Path))["stats"]!);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("3600")]
    [InlineData("null")]
    public async Task Lease_IsTaken_AtItsLimits(string seconds)
    {
        var room = await RoomAsync();
        var body = $$"""{"status":"running","lease_seconds":{{seconds}}}""";
        Assert.Equal("running", Json(await PostAsync(room.Alice, $"{room.Path}/status", body)).Get<string>("status"));
    }

    [Fact]
    public async Task Lease_MakesTheServiceSpeak_WhenThePublisherIsSilent()
    {
        var room = await RoomAsync();
        await using var viewer = await TestSocket.OpenAsync(
            Fixture.Service, room.Bob.Token, path: StreamRoom.Path);
        var running = """{"status":"running","lease_seconds":5}""";
        Json(await PostAsync(room.Alice, $"{room.Path}/status", running));
        Assert.Equal("running", (await viewer.NextAsync("status_update")).Get<string>("status"));

        Assert.Equal("stalled", (await viewer.NextAsync("status_update")).Get<string>("status"));

        Assert.Equal("stalled", Json(await GetAsync(room.Bob, room.Path)).Get<string>("status"));
        var error = """{"message":"late","code":"E"}""";
        Assert.Equal("running", Json(await PostAsync(room.Alice, $"{room.Path}/errors", error)).Get<string>("status"));
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("failed")]
    [InlineData("cancelled")]
    public async Task FinishedExecution_RefusesEverything_ButANewStart(string end)
    {
        var room = await RoomAsync();
        await PostAsync(room.Alice, $"{room.Path}/stats", """{"processed_count":5}""");
        await PostAsync(room.Alice, $"{room.Path}/errors", """{"message":"m","code":"E"}""");
        await PostAsync(room.Alice, $"{room.Path}/status", $$"""{"status":"{{end}}"}""");
        var before = await GetAsync(room.Bob, room.Path);
        foreach (var (report, body) in new[]
        {
            ("status", """{"status":"paused"}"""), ("status", """{"status":"completed"}"""),
            ("status", """{"status":"failed"}"""), ("status", """{"status":"cancelled"}"""),
            ("stats", """{"processed_count":9}"""), ("stats", """{"stats":{"failed_count":9}}"""),
            ("errors", """{"message":"late","code":"E"}"""),
        })
        {
            var late = await PostAsync(room.Alice, $"{room.Path}/{report}", body);
            Assert.Equal(
                (409, """{"title":"Execution has already finished","status":409,"code":"invalid_state"}"""),
                (late.Status, late.Body));
        }

        Assert.Equal(before.Body, (await GetAsync(room.Bob, room.Path)).Body);
        var next = await PostAsync(room.Alice, $"{room.Path}/status", """{"status":"pending"}""");
        Assert.Equal(
            $$"""{"stream_id":{{room.StreamId}},"execution":2,"status":"pending","version":3}""", next.Body);
        var shown = Json(await GetAsync(room.Bob, room.Path));
        Assert.Equal(0, shown.Get<long>("stats.processed_count"));
        Assert.Empty(shown["errors"]!.AsArray());
    }

    [Fact]
    public async Task Reports_ReachOpenSockets()
    {
        var room = await RoomAsync();
        await using var viewer = await TestSocket.OpenAsync(
            Fixture.Service, room.Bob.Token, path: StreamRoom.Path);
        await PostAsync(room.Alice, $"{room.Path}/status", """{"status":"running"}""");
        await PostAsync(room.Alice, $"{room.Path}/stats", """{"processed_count":3}""");
        await PostAsync(room.Alice, $"{room.Path}/errors", """{"message":"m","code":"E"}""");
        JsonObject[] frames = [await viewer.NextAsync(), await viewer.NextAsync(), await viewer.NextAsync()];
        Assert.Equal(
            ["status_update", "execution_stats", "error"], frames.Select(frame => frame.Get<string>("type")));
    }
}
