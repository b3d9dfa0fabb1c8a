using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

[Collection(SharedService.Name)]
public sealed class MembershipTests(ServiceFixture fixture)
{
    private const string Denied =
        """{"type":"error","code":"permission_denied","message":"Not authorized for this chat","chat_id":$chat}""";

    [Fact]
    public async Task RemovedMember_ReceivesNothingAfterTheRemoval_AndMayNotSend()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service, isExtended: true);
        await room.Alice.SayAsync(room.ChatId, "before");
        await room.Bob.NextAsync("message");

        await fixture.World.RemoveAsync(room.AliceUser, room.ChatId, room.BobUser);
        await room.Alice.SayAndSeeAsync(room.ChatId, "after");
        await room.Bob.NextAsync("chat_removed");

        Assert.Empty(await room.Bob.UntilHeartbeatAsync());
        await room.Bob.SendAsync(ClientFrames.Message(room.ChatId, "hi"));
        await room.Bob.SendAsync(ClientFrames.Subscribe(room.ChatId, afterSeq: 0));
        Golden.Equal(room.Of(Denied), await room.Bob.NextAsync());
        Golden.Equal(room.Of(Denied), await room.Bob.NextAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RemovedMembersNextFrame_IsRefused_WhateverItIs(bool isExtended)
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service, isExtended);
        var messageId = (await room.Alice.SayAsync(room.ChatId, "before")).Get<long>("message_id");
        await room.Bob.NextAsync("message");
        JsonObject[] frames =
        [
            ClientFrames.Message(room.ChatId, "hi"), ClientFrames.Typing(room.ChatId),
            ClientFrames.Status(room.ChatId, messageId, "read"), ClientFrames.History(room.ChatId),
            ClientFrames.Subscribe(room.ChatId),
        ];

        await fixture.World.RemoveAsync(room.AliceUser, room.ChatId, room.BobUser);
        foreach (var frame in frames)    // at once: whether he has been told or not
        {
            await room.Bob.SendAsync(frame);
        }

        foreach (var _ in frames)
        {
            Golden.Equal(room.Of(Denied), await room.Bob.NextAsync("error"));
        }
    }

    [Fact]
    public async Task Member_MayLeave_AndComeBack()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service, isExtended: true);

        await fixture.World.RemoveAsync(room.BobUser, room.ChatId, room.BobUser);
        await room.Bob.NextAsync("chat_removed");
        await room.Alice.SayAsync(room.ChatId, "without him");
        await fixture.World.AddAsync(room.AliceUser, room.ChatId, room.BobUser);
        await room.Alice.SayAsync(room.ChatId, "with him");

        await room.Bob.NextAsync("chat_added");
        Assert.Equal("with him", (await room.Bob.NextAsync("message")).Get<string>("message.content"));
    }

    [Fact]
    public async Task NewMember_ReceivesEveryMessageSinceItWasAdded()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        var carol = await fixture.World.UserAsync();
        var socket = await room.OpenMoreAsync(carol);
        await room.Alice.SayAsync(room.ChatId, "before");

        await fixture.World.AddAsync(room.AliceUser, room.ChatId, carol);
        for (var i = 2; i <= 6; i++)
        {
            await room.Alice.SayAsync(room.ChatId, $"{i}");
        }

        for (var seq = 2; seq <= 6; seq++)
        {
            Assert.Equal(seq, (await socket.NextAsync("message")).Get<long>("message.seq"));
        }
    }

    [Fact]
    public async Task DeletedChat_IsRefused_AndToldToItsMembers()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service, isExtended: true);

        await fixture.World.DeleteAsync(room.AliceUser, room.ChatId);

        foreach (var socket in new[] { room.Alice, room.Bob })
        {
            Assert.Equal(room.ChatId, (await socket.NextAsync("chat_removed")).Get<long>("chat_id"));
            await socket.SendAsync(ClientFrames.Message(room.ChatId, "hi"));
            Golden.Equal(room.Of(Denied), await socket.NextAsync("error"));
        }
    }
}
