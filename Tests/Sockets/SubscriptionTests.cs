using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

[Collection(SharedService.Name)]
public sealed class SubscriptionTests(ServiceFixture fixture)
{
    [Fact]
    public async Task Unsubscribe_EndsAChat_UntilSubscribe()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        await room.Bob.SendAsync(ClientFrames.Unsubscribe(room.ChatId));
        await room.Bob.NextAsync("unsubscribed");

        await room.Alice.SayAndSeeAsync(room.ChatId, "missed");
        Assert.Empty(await room.Bob.UntilHeartbeatAsync());
        await room.Bob.SendAsync(ClientFrames.Subscribe(room.ChatId));
        Assert.Equal(1, (await room.Bob.NextAsync("subscribed")).Get<long>("seq"));
        await room.Alice.SayAsync(room.ChatId, "heard");

        Assert.Equal(2, (await room.Bob.NextAsync()).Get<long>("message.seq"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resume_SendsWhatWasMissed_ThenLive(bool isExtended)
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        for (var i = 0; i < 10; i++)
        {
            await room.Alice.SayAsync(room.ChatId, $"{i}");
        }

        var late = await room.OpenMoreAsync(room.BobUser, isExtended, "chats=none");
        await late.SendAsync(ClientFrames.Subscribe(room.ChatId, afterSeq: 4).With("request_id", "r"));
        Golden.Equal(
            room.Of("""{"type":"subscribed","chat_id":$chat,"seq":10,"request_id":"r"}"""),
            await late.NextAsync("subscribed"));
        await room.Alice.SayAsync(room.ChatId, "live");

        await AssertSeqsAsync(late, 5, 11);
    }

    [Fact]
    public async Task Resume_HasNoGapAndNoDuplicate_WhileOthersSend()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        for (var i = 0; i < 10; i++)
        {
            await room.Alice.SendAsync(ClientFrames.Message(room.ChatId, $"{i}"));
        }

        await room.Alice.NextAsync("message");
        var late = await room.OpenMoreAsync(room.BobUser, query: "chats=none");
        await late.SendAsync(ClientFrames.Subscribe(room.ChatId, afterSeq: 0));
        for (var i = 10; i < 30; i++)
        {
            await room.Alice.SendAsync(ClientFrames.Message(room.ChatId, $"{i}"));
        }

        await late.NextAsync("subscribed");
        await AssertSeqsAsync(late, 1, 30);
    }

    [Fact]
    public async Task Subscribe_StartsAgainFromTheCursor_WhenSubscribedAlready()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        for (var i = 0; i < 3; i++)
        {
            await room.Alice.SayAndSeeAsync(room.ChatId, $"{i}");
        }

        await room.Bob.UntilHeartbeatAsync();
        await room.Bob.SendAsync(ClientFrames.Subscribe(room.ChatId, afterSeq: 1));
        await room.Bob.NextAsync("subscribed");
        await room.Alice.SayAsync(room.ChatId, "live");

        await AssertSeqsAsync(room.Bob, 2, 4);
    }

    [Fact]
    public async Task Resume_SendsNothing_WhenTheCursorIsAtOrBehindTheEnd()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        await room.Alice.SayAndSeeAsync(room.ChatId, "one");
        await room.Bob.UntilHeartbeatAsync();

        foreach (var afterSeq in new[] { 1, 2, 9_007_199_254_740_991 })
        {
            await room.Bob.SendAsync(ClientFrames.Subscribe(room.ChatId, afterSeq));
            Assert.Equal("subscribed", Assert.Single(await room.Bob.UntilHeartbeatAsync()).Get<string>("type"));
        }
    }

    [Fact]
    public async Task Subscribe_AnswersEachChat_WhenSomeAreForeign()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        var foreign = await fixture.World.ChatAsync(room.AliceUser);

        await room.Bob.SendAsync(new JsonObject
        {
            ["type"] = "subscribe",
            ["request_id"] = "r",
            ["chats"] = new JsonArray(
                new JsonObject { ["chat_id"] = foreign }, new JsonObject { ["chat_id"] = room.ChatId }),
        });

        var answers = await room.Bob.UntilHeartbeatAsync();
        Assert.Equal(
            [("error", foreign, "r"), ("subscribed", room.ChatId, "r")],
            answers.Select(frame =>
                (frame.Get<string>("type"), frame.Get<long>("chat_id"), frame.Get<string>("request_id"))));
    }

    internal static async Task AssertSeqsAsync(TestSocket socket, long first, long last)
    {
        for (var seq = first; seq <= last; seq++)
        {
            Assert.Equal(seq, (await socket.NextAsync()).Get<long>("message.seq"));
        }

        Assert.Empty(await socket.UntilHeartbeatAsync());
    }
}
