using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets.Streams;

/// <summary>A job that falls silent, as its viewers see it, and what may be said of it afterwards.</summary>
[Collection(SharedService.Name)]
public sealed class LostStreamTests(ServiceFixture fixture)
{
    private const int LeaseSeconds = 5;

    /// <summary>"Exact to about a second", and a busy machine.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1.5);

    private static readonly CancellationToken Cancelled = TestContext.Current.CancellationToken;

    [Fact]
    public async Task SilentJob_IsSeenStalledThenLost_InTime_AndTakesNothingButANewStart()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        using var http = fixture.Service.Http(room.AliceUser.Token);
        await room.Alice.SendAsync(room.Status("running", LeaseSeconds));
        var running = await room.Bob.NextAsync();
        var clock = Stopwatch.StartNew();

        var stalled = await room.Bob.NextAsync();
        AssertSince(running, stalled, "stalled", leases: 1, clock);
        var expired = await room.Bob.NextAsync();
        var final = await room.Bob.NextAsync();
        var lost = await room.Bob.NextAsync();
        AssertSince(running, lost, "lost", leases: 3, clock);
        Golden.Equal(
            room.Of(
                """
                {"type":"error","stream_id":$stream,"error":{"code":"LEASE_EXPIRED","timestamp":"#time",
                 "message":"The publisher has not reported within three times its lease"}}
                """),
            expired);
        Golden.Equal(
            room.Of(
                """
                {"type":"execution_stats","stream_id":$stream,
                 "stats":{"processed_count":0,"failed_count":0,"total_count":0,"execution_time":"00:00:05"}}
                """),
            final);

        await AssertRefusedAsync(room, http);
        Assert.Empty(await room.Bob.UntilHeartbeatAsync());
        (await PostAsync(http, room, "status", new { status = "running" })).EnsureSuccessStatusCode();
        await AssertStartedAsync(room, "running", execution: 2);
        await room.Alice.SendAsync(room.Status("cancelled"));
        await room.Bob.NextAsync("execution_stats");
        await AssertStartedAsync(room, "cancelled", execution: 2);
    }

    /// <summary>No report is taken after <c>lost</c>, over the socket or over HTTP.</summary>
    private static async Task AssertRefusedAsync(StreamRoom room, HttpClient http)
    {
        JsonObject[] frames = [room.Stats(1), room.Error("late"), room.Status("paused"), room.Status("completed")];
        foreach (var frame in frames)
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

        foreach (var (kind, body) in new (string, object)[]
        {
            ("stats", new { processed_count = 1 }), ("errors", new { message = "late", code = "E" }),
            ("status", new { status = "paused" }),
        })
        {
            using var answer = await PostAsync(http, room, kind, body);
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled);
            Assert.Equal("invalid_state", problem!.Get<string>("code"));
        }
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, StreamRoom room, string kind, object body) =>
        http.PostAsJsonAsync($"api/streams/{room.StreamId}/{kind}", body, Cancelled);

    private static async Task AssertStartedAsync(StreamRoom room, string status, int execution)
    {
        var next = await room.Bob.NextAsync();
        Assert.Equal((status, execution), (next.Get<string>("status"), next.Get<int>("execution")));
    }

    /// <summary>The status was stored so many leases after the first frame, and was seen then.</summary>
    private static void AssertSince(JsonObject first, JsonObject then, string status, int leases, Stopwatch clock)
    {
        Assert.Equal((status, 1), (then.Get<string>("status"), then.Get<int>("execution")));
        var expected = TimeSpan.FromSeconds(leases * LeaseSeconds);
        var stored = At(then) - At(first);
        Assert.InRange(stored, expected, expected + Tolerance);
        Assert.InRange(clock.Elapsed, expected - Tolerance, stored + Tolerance);
    }

    private static DateTimeOffset At(JsonObject frame) =>
        DateTimeOffset.Parse(frame.Get<string>("timestamp"), System.Globalization.CultureInfo.InvariantCulture);
}
