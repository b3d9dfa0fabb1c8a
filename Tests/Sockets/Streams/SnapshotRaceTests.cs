using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets.Streams;

/// <summary>Viewers that come at any moment: what the snapshot says and what follows make up the whole truth.</summary>
[Collection(SharedService.Name)]
public sealed class SnapshotRaceTests(ServiceFixture fixture)
{
    private const int ReportCount = 1_500;
    private const int SnapshotErrorsMax = 20;
    private const int ViewerCount = 8;
    private const int SubscriptionsOfEach = 15;

    [Fact]
    public async Task SnapshotAndDeltas_AreTheTrueSequence_WheneverAViewerComes()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        var reporting = ReportAsync(room);
        var views = await Task.WhenAll(Enumerable.Range(0, ViewerCount).Select(_ => WatchAsync(room)));
        await reporting;
        var truth = await ReadToEndAsync(room.Bob);

        Assert.Equal(ReportCount, truth.Count - 1);    // one report each, and the end
        Assert.All(views.SelectMany(view => view), view => AssertFits(view, truth));
        Assert.Contains(views.SelectMany(view => view), view => view.Version is > 0 and < ReportCount);
    }

    /// <summary>Statuses and errors in turn with counters between them, as fast as they go out.</summary>
    private static async Task ReportAsync(StreamRoom room)
    {
        for (var i = 0; i < ReportCount; i++)
        {
            await room.Alice.SendAsync(room.Stats(i + 1));
            await room.Alice.SendAsync(
                i % 3 == 0 ? room.Status(i % 2 == 0 ? "running" : "paused") : room.Error($"{i}"));
        }

        await room.Alice.SendAsync(room.Status("completed"));
    }

    private static async Task<List<View>> WatchAsync(StreamRoom room)
    {
        var socket = await room.OpenMoreAsync(room.BobUser, query: "streams=none");
        var views = new List<View>();
        for (var i = 0; i < SubscriptionsOfEach && views.LastOrDefault()?.IsEnded != true; i++)
        {
            await socket.SendAsync(room.Subscribe());
            views.Add(await ReadOneAsync(socket, isLast: i == SubscriptionsOfEach - 1));
        }

        return views;
    }

    /// <summary>Reads a snapshot and a random number of frames behind it.</summary>
    private static async Task<View> ReadOneAsync(TestSocket socket, bool isLast)
    {
        var view = new View(await socket.NextAsync("snapshot"));
        for (var left = Random.Shared.Next(0, 60); (left > 0 || isLast) && !view.IsEnded; left--)
        {
            view.Take(await socket.NextAsync());
        }

        return view;
    }

    private static async Task<List<string>> ReadToEndAsync(TestSocket socket)
    {
        var truth = new List<string>();
        while (truth.LastOrDefault() != "completed")
        {
            if (View.Describe(await socket.NextAsync()) is { } placed)
            {
                truth.Add(placed);
            }
        }

        return truth;
    }

    private static void AssertFits(View view, List<string> truth)
    {
        Assert.Equal(truth.Skip((int)view.Version).Take(view.Placed.Count), view.Placed);
        var before = truth.Take((int)view.Version).ToList();
        Assert.Equal(before.LastOrDefault(IsStatus, "pending"), view.Status);
        Assert.Equal(before.Where(text => !IsStatus(text)).TakeLast(SnapshotErrorsMax), view.Errors);
        Assert.Equal(view.Counts.Order(), view.Counts);
        Assert.False(view.IsEnded && view.Counts[^1] != ReportCount);
    }

    private static bool IsStatus(string placed) => !int.TryParse(placed, out _);

    /// <summary>What one subscription saw.</summary>
    private sealed class View(JsonObject snapshot)
    {
        public long Version { get; } = snapshot.Get<long>("version");

        public string Status { get; } = snapshot.Get<string>("status");

        public IEnumerable<string> Errors { get; } =
            [.. snapshot["errors"]!.AsArray().Select(error => error!.Get<string>("message"))];

        public List<long> Counts { get; } = [snapshot.Get<long>("stats.processed_count")];

        /// <summary>Statuses and error texts behind the snapshot, in order.</summary>
        public List<string> Placed { get; } = [];

        public bool IsEnded => Status == "completed" || (Placed.Count > 0 && Placed[^1] == "completed");

        public static string? Describe(JsonObject frame) => frame.Get<string>("type") switch
        {
            "status_update" => frame.Get<string>("status"),
            "error" => frame.Get<string>("error.message"),
            _ => null,
        };

        public void Take(JsonObject frame)
        {
            if (frame.Get<string>("type") == "execution_stats")
            {
                Counts.Add(frame.Get<long>("stats.processed_count"));
            }
            else if (Describe(frame) is { } placed)
            {
                Placed.Add(placed);
            }
        }
    }
}
