using System.Diagnostics;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

/// <summary>The default limits, from outside.</summary>
[Collection(SharedService.Name)]
public sealed class LimitTests(ServiceFixture fixture)
{
    private const int MessagesPerSecond = 20;
    private const int MessageBurst = 40;
    private const int FramesPerSecond = 10;
    private const int FrameBurst = 20;

    [Fact]
    public async Task Messages_AreLimited_OverAllSocketsOfAUser()
    {
        const int Sent = 80;
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        var second = await room.OpenMoreAsync(room.AliceUser);
        var clock = Stopwatch.StartNew();

        for (var i = 0; i < Sent; i++)
        {
            await (i % 2 == 0 ? room.Alice : second).SendAsync(ClientFrames.Message(room.ChatId, "hi", $"c{i}"));
        }

        List<JsonObject> answers = [.. await room.Alice.UntilHeartbeatAsync(), .. await second.UntilHeartbeatAsync()];
        var errors = answers.Where(frame => frame.Get<string>("type") == "error").ToList();
        var accepted = answers.Count(frame => frame.Get<string>("type") == "message_status");
        Assert.Equal(Sent, accepted + errors.Count);
        Assert.InRange(
            accepted, MessageBurst, MessageBurst + (int)(MessagesPerSecond * clock.Elapsed.TotalSeconds) + 1);
        Assert.All(errors, error => Golden.Equal(
            room.Of(
                """
                {"type":"error","code":"rate_limited","message":"Too many messages","chat_id":$chat,"client_id":"#text",
                 "retry_after_ms":"#wait"}
                """),
            error));
        await room.Bob.SayAsync(room.ChatId, "another user may");
    }

    [Theory]
    [InlineData("""{"type":"typing","chat_id":$chat,"is_typing":true}""", "history")]
    [InlineData("""{"type":"message_status","chat_id":$chat,"message_id":1,"status":"read"}""", "typing")]
    [InlineData("""{"type":"history","chat_id":$chat,"limit":1}""", "typing")]
    [InlineData("""{"type":"subscribe","chats":[{"chat_id":$chat}]}""", "history")]
    [InlineData("""{"type":"heartbeat"}""", "history")]
    public async Task Frames_AreLimited_EachKindForItself(string frame, string otherKind)
    {
        const int Sent = 50;
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        var clock = Stopwatch.StartNew();

        for (var i = 0; i < Sent; i++)
        {
            await room.Alice.SendAsync(JsonNode.Parse(room.Of(frame))!.AsObject().With("request_id", $"{i}"));
        }

        // History is answered after all of them, typing is not answered at all.
        await room.Alice.SendAsync(
            (otherKind == "typing" ? ClientFrames.Typing(999_999) : ClientFrames.History(room.ChatId))
                .With("request_id", "end"));
        var limited = 0;
        for (var answer = await room.Alice.NextAsync();
            answer["request_id"]?.GetValue<string>() != "end";
            answer = await room.Alice.NextAsync())
        {
            if (answer["code"]?.GetValue<string>() == "rate_limited")
            {
                limited++;
                Assert.InRange(answer.Get<long>("retry_after_ms"), 1, 1_000);
            }
        }

        Assert.InRange(
            Sent - limited, FrameBurst, FrameBurst + (int)(FramesPerSecond * clock.Elapsed.TotalSeconds) + 1);
    }

    [Fact]
    public async Task TwentyFirstSocket_IsRefused_UntilOneCloses()
    {
        var alice = await fixture.World.UserAsync();
        var sockets = new List<TestSocket>();
        for (var i = 0; i < 20; i++)
        {
            sockets.Add(await TestSocket.OpenAsync(fixture.Service, alice.Token));
        }

        await using (var refused = await TestSocket.OpenAsync(fixture.Service, alice.Token))
        {
            Golden.Equal(
                """
                {"type":"error","code":"rate_limited","message":"Too many messages","detail":"#text",
                 "retry_after_ms":"#wait"}
                """,
                await refused.NextAsync());
            Assert.Equal((4429, "rate_limited"), await refused.UntilClosedAsync());
        }

        await sockets[0].SendAsync("""{"type":"disconnect"}""");
        Assert.Equal(1000, (await sockets[0].UntilClosedAsync()).Code);
        sockets.Add(await OpenOnceThereIsRoomAsync(alice.Token));
        foreach (var socket in sockets.Skip(1))
        {
            Assert.Empty(await socket.UntilHeartbeatAsync());
        }

        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Socket_IsClosed_WhenTheFiftyFirstFrameIsRefused()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);

        for (var i = 0; i < 50; i++)
        {
            await room.Alice.SendAsync("nonsense");
        }

        for (var i = 0; i < 50; i++)
        {
            await room.Alice.NextAsync("error");
        }

        await room.Alice.SayAsync(room.ChatId, "still open");
        await room.Alice.SendAsync("nonsense");
        Assert.Equal((4429, "rate_limited"), await room.Alice.UntilClosedAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Frame_IsTaken_AtExactly64KiB(bool isFragmented)
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        var text = Padded(64 * 1_024, "r");

        await room.Alice.SendPartAsync(isFragmented ? text[..40_000] : text, isLast: !isFragmented);
        if (isFragmented)
        {
            await room.Alice.SendPartAsync(text[40_000..], isLast: true);
        }

        Assert.Equal("r", (await room.Alice.NextAsync()).Get<string>("request_id"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Socket_IsClosed_WhenAFrameIsLarger(bool isFragmented)
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        var text = Padded((64 * 1_024) + 1, "r");

        await room.Alice.SendPartAsync(isFragmented ? text[..65_536] : text, isLast: !isFragmented);
        if (isFragmented)
        {
            await room.Alice.SendPartAsync(text[65_536..], isLast: true);
        }

        Assert.Equal((1009, "invalid_format"), await room.Alice.UntilClosedAsync());
        Assert.Empty(await room.Bob.UntilHeartbeatAsync());
    }

    /// <summary>Opens one more socket; the server counts a closed one until a moment after the client has seen it
    /// close.</summary>
    private async Task<TestSocket> OpenOnceThereIsRoomAsync(string token)
    {
        const int TryCount = 200;
        for (var i = 0; i < TryCount; i++)
        {
            var socket = await TestSocket.OpenAsync(fixture.Service, token, isExtended: true);
            if ((await socket.NextAsync()).Get<string>("type") == "welcome")
            {
                return socket;
            }

            Assert.Equal(4429, (await socket.UntilClosedAsync()).Code);
            await socket.DisposeAsync();
        }

        throw new InvalidOperationException("The closed socket is still counted.");
    }

    private static string Padded(int bytes, string requestId)
    {
        var start = $$"""{"type":"heartbeat","request_id":"{{requestId}}","x":" """.TrimEnd();
        return $"{start}{new string('x', bytes - start.Length - 2)}\"}}";
    }
}
