using NewLoom.Tests.Support;
using Npgsql;

namespace NewLoom.Tests.Cluster;

/// <summary>A topic goes on elsewhere, as when Orleans has activated it twice: here by rows that no silo of the cluster
/// wrote.</summary>
public sealed class SupersededTests : IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private ClusterProcesses _cluster = null!;

    public async ValueTask InitializeAsync() =>
        _cluster = await ClusterProcesses.StartAsync(siloCount: 1, gatewayCount: 1, _ct);

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Reader_IsNotDeaf_WhenItsChatAndItsStreamGoOnElsewhere()
    {
        await using var chat = await ChatRoom.OpenAsync(_cluster.Gateways[0]);
        await using var stream = await StreamRoom.OpenAsync(_cluster.Gateways[0]);
        await chat.Alice.SayAsync(chat.ChatId, "here");
        await chat.Bob.NextAsync("message");
        await stream.Alice.SendAsync(stream.Status("running"));
        while ((await stream.Bob.NextAsync("status_update")).Get<string>("status") != "running")
        {
        }

        await using var database = NpgsqlDataSource.Create(_cluster.Database);
        await using var write = database.CreateCommand(
            """
            INSERT INTO messages (chat_id, seq, sender, content, timestamp) VALUES ($1, 2, $2, 'elsewhere', 0);
            """);
        write.Parameters.AddWithValue(chat.ChatId);
        write.Parameters.AddWithValue(chat.AliceUser.Name);
        await write.ExecuteNonQueryAsync(_ct);
        await using var report = database.CreateCommand(
            """
            INSERT INTO stream_events (stream_id, seq, execution, timestamp, error_message, error_code)
            SELECT stream_id, max(seq) + 1, 1, max(timestamp), 'elsewhere', 'E'
            FROM stream_events WHERE stream_id = $1 GROUP BY stream_id
            """);
        report.Parameters.AddWithValue(stream.StreamId);
        Assert.Equal(1, await report.ExecuteNonQueryAsync(_ct));

        var heard = (await chat.Bob.NextAsync("message"))["message"]!;
        Assert.Equal(("elsewhere", 2L), (heard.Get<string>("content"), heard.Get<long>("seq")));
        Assert.Equal("elsewhere", (await stream.Bob.NextAsync("error"))["error"]!.Get<string>("message"));
        Assert.Equal(3, (await chat.Alice.SayAsync(chat.ChatId, "here again")).Get<long>("seq"));
        Assert.Equal("here again", (await chat.Bob.NextAsync("message"))["message"]!.Get<string>("content"));
    }
}
