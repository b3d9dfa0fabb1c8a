using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

[Collection(SharedService.Name)]
public sealed class BatchTests(ServiceFixture fixture)
{
    [Fact]
    public async Task Batch_IsHandledInOrder_EachPartAsIfAlone()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);

        await room.Alice.SendAsync(ClientFrames.Batch(
            ClientFrames.Unsubscribe(room.ChatId).With("request_id", "a"),
            ClientFrames.Message(room.ChatId, "not to itself", "c1").With("request_id", "b"),
            ClientFrames.Message(999_999, "hi").With("request_id", "c"),
            ClientFrames.Subscribe(room.ChatId, afterSeq: 0).With("request_id", "d")));

        var answers = await room.Alice.UntilHeartbeatAsync();
        Assert.Equal(
            ["unsubscribed a", "message_status b", "error c", "subscribed d", "message "],
            answers.Select(frame => $"{frame["type"]} {frame["request_id"]}"));
        Assert.Equal("not to itself", (await room.Bob.NextAsync("message")).Get<string>("message.content"));
    }

    [Fact]
    public async Task Batch_EndsWithDisconnect_WhateverFollows()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);

        await room.Alice.SendAsync(ClientFrames.Batch(
            ClientFrames.Message(room.ChatId, "first"),
            new JsonObject { ["type"] = "disconnect" },
            ClientFrames.Message(room.ChatId, "never")));

        Assert.Equal(1000, (await room.Alice.UntilClosedAsync()).Code);
        await room.Bob.NextAsync("message");
        await room.Bob.SayAsync(room.ChatId, "second");
        Assert.Equal(2, (await room.Bob.SayAsync(room.ChatId, "third")).Get<long>("seq") - 1);
    }

    [Fact]
    public async Task Batch_HasExactlyTypeAndFrames_WhenTheServerMakesIt()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service, isExtended: true);
        await room.Alice.SayAsync(room.ChatId, "one");
        var lone = await room.OpenMoreAsync(room.BobUser, isExtended: true, "chats=none");

        // Two refusals wait for the socket before it opens, behind its welcome.
        var batched = await room.OpenMoreAsync(room.BobUser, isExtended: true, "chats=999998,999999");

        Assert.Equal("welcome", (await batched.NextAsync()).Get<string>("type"));
        await batched.NextAsync("error");
        await batched.NextAsync("error");
        var batch = Assert.Single(batched.Batches);
        Assert.Equal(["type", "frames"], batch.Select(field => field.Key));
        Assert.Equal(2, batch["frames"]!.AsArray().Count);
        await lone.UntilHeartbeatAsync();
        Assert.Empty(lone.Batches);
    }
}
