using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets.Streams;

/// <summary>Reports in a batch are handled in order, each as if alone.</summary>
[Collection(SharedService.Name)]
public sealed class StreamBatchTests(ServiceFixture fixture)
{
    [Fact]
    public async Task Batch_OfReports_IsHandledInOrder_AndItsWrongPartsCostTheOthersNothing()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);

        await room.Alice.SendAsync(ClientFrames.Batch(
            room.Status("running"),
            room.Status("lost").With("request_id", "no publisher's"),
            room.Stats(5, total: 10),
            room.Error("first"),
            room.Stats(9, total: 3).With("request_id", "total"),
            room.Error("second"),
            room.Stats(7),
            room.Status("completed"),
            room.Error("late").With("request_id", "late")));

        var alice = room.Alice;
        var answers = new[] { await alice.NextAsync(), await alice.NextAsync(), await alice.NextAsync() };
        Assert.Equal(
            ["invalid_format no publisher's", "invalid_format total", "invalid_state late"],
            answers.Select(answer => $"{answer["code"]} {answer["request_id"]}").Order());
        await SeesAsync(room, "running", "first", "second", "7 of 10", "completed");
        Assert.Empty(await room.Bob.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Batch_OfSubscriptions_IsAnsweredInOrder()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        var viewer = await room.OpenMoreAsync(room.BobUser, query: "streams=none");

        await viewer.SendAsync(ClientFrames.Batch(
            room.Subscribe().With("request_id", "a"),
            room.Status("running").With("request_id", "b"),
            ClientFrames.Heartbeat().With("request_id", "c")));

        var answers = new[] { await viewer.NextAsync(), await viewer.NextAsync(), await viewer.NextAsync() };
        Assert.Equal(
            ["error b permission_denied", "heartbeat c ", "snapshot a "],
            answers.Select(answer => $"{answer["type"]} {answer["request_id"]} {answer["code"]}").Order());
    }

    /// <summary>Bob sees these, and perhaps counters on the way to the last ones.</summary>
    private static async Task SeesAsync(StreamRoom room, params string[] expected)
    {
        List<string> seen = [];
        while (seen.LastOrDefault() != expected[^1])
        {
            var frame = await room.Bob.NextAsync();
            seen.Add(frame.Get<string>("type") switch
            {
                "execution_stats" => $"{frame["stats"]!["processed_count"]} of {frame["stats"]!["total_count"]}",
                "error" => frame.Get<string>("error.message"),
                _ => frame.Get<string>("status"),
            });
        }

        Assert.Equal(expected, seen.Where(each => each != "5 of 10"));
    }
}
