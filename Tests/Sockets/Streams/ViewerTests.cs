using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets.Streams;

/// <summary>Who sees a stream, and from when to when.</summary>
[Collection(SharedService.Name)]
public sealed class ViewerTests(ServiceFixture fixture)
{
    private const string Ended = """{"type":"unsubscribed","stream_ids":[$stream]}""";

    private static readonly CancellationToken Cancelled = TestContext.Current.CancellationToken;

    [Fact]
    public async Task NewViewer_GetsASnapshotAtOnce_AndWhatFollows()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        var carol = await fixture.World.UserAsync();
        var (extended, plain) = (await room.OpenMoreAsync(carol, isExtended: true), await room.OpenMoreAsync(carol));
        await extended.NextAsync("welcome");
        await room.Alice.SendAsync(room.Status("running"));
        await room.Bob.NextAsync("status_update");
        using var http = fixture.Service.Http(room.AliceUser.Token);

        (await http.PutAsync($"api/streams/{room.StreamId}/viewers/{carol.Name}", null, Cancelled))
            .EnsureSuccessStatusCode();

        Assert.Equal("running", (await extended.NextAsync("snapshot")).Get<string>("status"));
        await SubscribedAsync(plain, room);
        await room.Alice.SendAsync(room.Status("paused"));
        Assert.Equal("paused", (await extended.NextAsync()).Get<string>("status"));
        Assert.Equal("paused", (await plain.NextAsync()).Get<string>("status"));
    }

    [Fact]
    public async Task FormerViewer_IsTold_AndSeesNothingMore()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service, isExtended: true);
        await room.Bob.NextAsync("snapshot");
        var plain = await room.OpenMoreAsync(room.BobUser);
        var owner = await room.OpenMoreAsync(room.AliceUser);
        using var http = fixture.Service.Http(room.AliceUser.Token);
        (await http.DeleteAsync($"api/streams/{room.StreamId}/viewers/{room.BobUser.Name}", Cancelled))
            .EnsureSuccessStatusCode();

        await room.Alice.SendAsync(room.Status("running"));
        await owner.NextAsync("status_update");

        Golden.Equal(room.Of(Ended), await room.Bob.NextAsync());
        Assert.Empty(await room.Bob.UntilHeartbeatAsync());
        Assert.Empty(await plain.UntilHeartbeatAsync());
        await room.Bob.SendAsync(room.Subscribe());
        Assert.Equal("permission_denied", (await room.Bob.NextAsync()).Get<string>("code"));
    }

    [Fact]
    public async Task DeletedStream_IsGoneForEverybody()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        var extended = await room.OpenMoreAsync(room.BobUser, isExtended: true);
        await extended.NextAsync("snapshot");
        using var http = fixture.Service.Http(room.AliceUser.Token);
        (await http.DeleteAsync($"api/streams/{room.StreamId}", Cancelled)).EnsureSuccessStatusCode();

        await room.Alice.SendAsync(room.Status("running"));

        Assert.Equal("permission_denied", (await room.Alice.NextAsync()).Get<string>("code"));
        Golden.Equal(room.Of(Ended), await extended.NextAsync());
        Assert.Empty(await room.Bob.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Scope_NarrowsWhatASocketReceives()
    {
        await using var room = await StreamRoom.OpenAsync(fixture.Service);
        var other = await fixture.World.StreamAsync(room.AliceUser, room.BobUser);
        var narrow = await room.OpenMoreAsync(room.BobUser, isExtended: true, query: $"streams={other},999999999");

        await narrow.NextAsync("welcome");
        List<JsonObject> first = [await narrow.NextAsync(), await narrow.NextAsync()];

        Assert.Contains(first, frame => frame["name"] is not null && frame.Get<long>("stream_id") == other);
        Assert.Contains(first, frame => frame["code"] is not null && frame.Get<long>("stream_id") == 999999999);
        await room.Alice.SendAsync(room.Status("running"));
        await room.Bob.NextAsync("status_update");
        Assert.Empty(await narrow.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task ManyStreams_AreAllGreeted_AlsoWhenTheirSnapshotsFillTheQueue()
    {
        const int StreamCount = 60;
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        var expected = new HashSet<long>();
        using var http = fixture.Service.Http(alice.Token);
        for (var i = 0; i < StreamCount; i++)
        {
            var streamId = await fixture.World.StreamAsync(alice, bob);
            expected.Add(streamId);
            foreach (var part in Enumerable.Repeat(new string('x', 4_000), 5))
            {
                // 60 snapshots of 20 KB: more than waits for one socket.
                var error = new { message = part, code = "E" };
                (await http.PostAsJsonAsync($"api/streams/{streamId}/errors", error, Cancelled))
                    .EnsureSuccessStatusCode();
            }
        }

        await using var socket = await TestSocket.OpenAsync(
            fixture.Service, bob.Token, isExtended: true, path: StreamRoom.Path);

        while (expected.Count > 0)
        {
            Assert.True(expected.Remove((await socket.NextAsync("snapshot")).Get<long>("stream_id")));
        }
    }

    /// <summary>A plain client is not told of a new right: it asks until it has it.</summary>
    private static async Task SubscribedAsync(TestSocket socket, StreamRoom room)
    {
        await socket.SendAsync(room.Subscribe());
        await socket.NextAsync("snapshot");
    }
}
