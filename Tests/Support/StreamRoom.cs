using System.Text.Json.Nodes;

namespace NewLoom.Tests.Support;

/// <summary>A stream: Alice owns, views and publishes it, Bob views it; each has a socket.</summary>
internal sealed class StreamRoom : IAsyncDisposable
{
    public const string Path = "/ws/streams/";

    private readonly List<TestSocket> _more = [];
    private readonly ServiceProcess _service;

    private StreamRoom(ServiceProcess service) => _service = service;

    public (string Name, string Token) AliceUser { get; private init; }

    public (string Name, string Token) BobUser { get; private init; }

    public long StreamId { get; private init; }

    public required TestSocket Alice { get; init; }

    public required TestSocket Bob { get; init; }

    /// <summary>Opens a room; Bob's socket is extended where that is asked for, Alice's receives nothing.</summary>
    public static async Task<StreamRoom> OpenAsync(ServiceProcess service, bool isExtended = false)
    {
        var world = new World(service);
        var (alice, bob) = (await world.UserAsync(), await world.UserAsync());
        return new StreamRoom(service)
        {
            AliceUser = alice,
            BobUser = bob,
            StreamId = await world.StreamAsync(alice, bob),
            Alice = await TestSocket.OpenAsync(service, alice.Token, query: "streams=none", path: Path),
            Bob = await TestSocket.OpenAsync(service, bob.Token, isExtended, path: Path),
        };
    }

    /// <summary>One more socket of a user, closed with the room.</summary>
    public async Task<TestSocket> OpenMoreAsync(
        (string Name, string Token) user, bool isExtended = false, string? query = null)
    {
        var socket = await TestSocket.OpenAsync(_service, user.Token, isExtended, query, Path);
        _more.Add(socket);
        return socket;
    }

    public JsonObject Status(string status, int? leaseSeconds = null)
    {
        var frame = new JsonObject { ["type"] = "status_update", ["stream_id"] = StreamId, ["status"] = status };
        return leaseSeconds is null ? frame : frame.With("lease_seconds", leaseSeconds);
    }

    public JsonObject Stats(long processed, long? failed = null, long? total = null)
    {
        var stats = new JsonObject { ["processed_count"] = processed };
        stats = failed is null ? stats : stats.With("failed_count", failed);
        stats = total is null ? stats : stats.With("total_count", total);
        return new JsonObject { ["type"] = "execution_stats", ["stream_id"] = StreamId, ["stats"] = stats };
    }

    public JsonObject Error(string message, string code = "E") => new()
    {
        ["type"] = "error",
        ["stream_id"] = StreamId,
        ["error"] = new JsonObject { ["message"] = message, ["code"] = code },
    };

    public JsonObject Subscribe() => new()
    {
        ["type"] = "subscribe",
        ["streams"] = new JsonArray(new JsonObject { ["stream_id"] = StreamId }),
    };

    /// <summary>The text with this room in place of <c>$alice</c>, <c>$bob</c>, <c>$stream</c>.</summary>
    public string Of(string text) => text
        .Replace("$alice", AliceUser.Name, StringComparison.Ordinal)
        .Replace("$bob", BobUser.Name, StringComparison.Ordinal)
        .Replace("$stream", $"{StreamId}", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _more.Prepend(Bob).Prepend(Alice))
        {
            await socket.DisposeAsync();
        }
    }
}
