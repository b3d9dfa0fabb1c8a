using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets.Streams;

/// <summary>Every frame of the stream socket, whole, against the running service.</summary>
[Collection(SharedService.Name)]
public sealed class GoldenStreamTests(ServiceFixture fixture)
{
    private const string Running =
        """{"type":"status_update","stream_id":$stream,"status":"running","timestamp":"#time","execution":1}""";

    [Fact]
    public async Task PlainViewer_SeesTheJob_AndNothingElse()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);

        await room.Alice.SendAsync(room.Status("running"));
        await SeesAsync(room.Bob, room, Running);
        await room.Alice.SendAsync(room.Stats(50, failed: 2));
        await SeesAsync(
            room.Bob,
            room,
            """
            {"type":"execution_stats","stream_id":$stream,
             "stats":{"processed_count":50,"failed_count":2,"total_count":52,"execution_time":"00:00:00"}}
            """);
        await room.Alice.SendAsync(room.Error("Error description", "ERROR_CODE"));
        await SeesAsync(
            room.Bob,
            room,
            """
            {"type":"error","stream_id":$stream,
             "error":{"message":"Error description","code":"ERROR_CODE","timestamp":"#time"}}
            """);
        var reported = room.Stats(60, failed: 2, total: 100);
        reported["stats"]!["execution_time"] = "100:05:23";
        await room.Alice.SendAsync(reported);
        await room.Alice.SendAsync(room.Status("completed"));
        await SeesAsync(
            room.Bob,
            room,
            """
            {"type":"execution_stats","stream_id":$stream,
             "stats":{"processed_count":60,"failed_count":2,"total_count":100,"execution_time":"100:05:23"}}
            """);
        await SeesAsync(room.Bob, room, Running.Replace("running", "completed", StringComparison.Ordinal));
        await room.Alice.SendAsync(room.Status("running"));
        await SeesAsync(room.Bob, room, Running.Replace(":1}", ":2}", StringComparison.Ordinal));
        Assert.Empty(await room.Bob.UntilHeartbeatAsync());
        Assert.Empty(await room.Alice.UntilHeartbeatAsync());    // no word to a publisher whose reports are taken
    }

    [Fact]
    public async Task ExtendedViewer_IsWelcomed_WithTheStreamsState()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        await room.Alice.SendAsync(room.Status("running"));
        await room.Alice.SendAsync(room.Error("oops"));
        await room.Alice.SendAsync(room.Status("paused"));
        await room.Bob.NextAsync("error");
        await room.Bob.NextAsync("status_update");

        var viewer = await room.OpenMoreAsync(room.BobUser, isExtended: true);

        Golden.Equal(
            room.Of(
                """
                {"type":"welcome","user":"$bob","connection_id":"#text","heartbeat_interval_ms":25000,
                 "expires_at":"#time","chats":[]}
                """),
            await viewer.NextAsync());
        await SeesAsync(viewer, room, Snapshot());
        Assert.Empty(await viewer.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Subscribe_IsAnsweredWithASnapshot_AndUnsubscribeEndsIt()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        await room.Alice.SendAsync(room.Status("running"));
        await room.Alice.SendAsync(room.Error("oops"));
        await room.Alice.SendAsync(room.Status("paused"));
        await room.Bob.NextAsync("error");
        var viewer = await room.OpenMoreAsync(room.BobUser, query: "streams=none");
        await room.Bob.NextAsync("status_update");

        await viewer.SendAsync(room.Subscribe().With("request_id", "r1"));
        await SeesAsync(viewer, room, Snapshot(""","request_id":"r1" """));
        var unsubscribe = new JsonObject { ["type"] = "unsubscribe", ["stream_ids"] = new JsonArray(room.StreamId) };
        await viewer.SendAsync(unsubscribe.With("request_id", "r2"));
        await SeesAsync(
            viewer, room, """{"type":"unsubscribed","stream_ids":[$stream],"request_id":"r2"}""");
        await room.Alice.SendAsync(room.Status("running"));
        await room.Bob.NextAsync("status_update");
        Assert.Empty(await viewer.UntilHeartbeatAsync());
    }

    private static string Snapshot(string more = "") =>
        """
        {"type":"snapshot","stream_id":$stream,"name":"A job","execution":1,"status":"paused",
         "stats":{"processed_count":0,"failed_count":0,"total_count":0,"execution_time":"00:00:00"},
         "errors":[{"message":"oops","code":"E","timestamp":"#time"}],"version":3
        """ + more + "}";

    private static async Task SeesAsync(TestSocket socket, StreamRoom room, string expected) =>
        Golden.Equal(room.Of(expected), await socket.NextAsync());
}
