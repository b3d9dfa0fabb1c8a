using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

[Collection(SharedService.Name)]
public sealed class MessageStatusTests(ServiceFixture fixture)
{
    [Fact]
    public async Task Sent_GoesToTheSendingSocketAlone()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        var second = await room.OpenMoreAsync(room.AliceUser);

        await room.Alice.SayAsync(room.ChatId, "hi");

        foreach (var socket in new[] { second, room.Bob })
        {
            await socket.NextAsync("message");
            Assert.Empty(await socket.UntilHeartbeatAsync());
        }
    }

    [Fact]
    public async Task Sent_IsNotSent_WithoutClientId()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);

        await room.Alice.SendAsync(ClientFrames.Message(room.ChatId, "hi").With("request_id", "r"));

        await room.Alice.NextAsync("message");
        Assert.Empty(await room.Alice.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Sent_NamesTheFirstMessage_WhenRepeated()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        await room.Alice.SendAsync(ClientFrames.Message(room.ChatId, "hi\r\n", "c1"));
        var first = await room.Alice.NextAsync("message_status");
        await room.Bob.NextAsync("message");
        var second = await room.OpenMoreAsync(room.AliceUser);

        await second.SendAsync(ClientFrames.Message(room.ChatId, "hi\n", "c1"));

        Golden.Equal(first.ToJsonString(), await second.NextAsync("message_status"));
        Assert.Empty(await room.Bob.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task ClientId_IsTheUsersOwn()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);

        await room.Alice.SendAsync(ClientFrames.Message(room.ChatId, "hi", "c1"));
        await room.Alice.NextAsync("message_status");
        await room.Bob.SendAsync(ClientFrames.Message(room.ChatId, "something else", "c1"));

        Assert.Equal(2, (await room.Bob.NextAsync("message_status")).Get<long>("seq"));
    }

    [Fact]
    public async Task Mark_NeverFalls()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        var ids = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await room.Alice.SayAsync(room.ChatId, $"{i}")).Get<long>("message_id"));
        }

        await MarkAsync(1, "read");
        Assert.Equal((2, "read"), await NextMarkAsync());

        // Reading implies having: neither an earlier read nor what was read already moves anything.
        await MarkAsync(0, "read");
        await MarkAsync(1, "read");
        await MarkAsync(1, "delivered");
        await MarkAsync(0, "delivered");
        await MarkAsync(2, "delivered");
        Assert.Equal((3, "delivered"), await NextMarkAsync());
        await MarkAsync(2, "read");
        Assert.Equal((3, "read"), await NextMarkAsync());

        Task MarkAsync(int index, string status) =>
            room.Bob.SendAsync(ClientFrames.Status(room.ChatId, ids[index], status));

        async Task<(long Seq, string Status)> NextMarkAsync()
        {
            var mark = await room.Alice.NextAsync("message_status");
            return (mark.Get<long>("seq"), mark.Get<string>("status"));
        }
    }

    [Fact]
    public async Task Status_IsRefused_WhenTheMessageIsOfAnotherChat()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        var other = await fixture.World.ChatAsync(room.AliceUser);
        var sent = await room.Alice.SayAsync(room.ChatId, "hi");

        await room.Alice.SendAsync(ClientFrames.Status(other, sent.Get<long>("message_id"), "read"));

        var error = await room.Alice.NextAsync("error");
        Assert.Equal(("invalid_format", other), (error.Get<string>("code"), error.Get<long>("chat_id")));
    }
}
