using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

/// <summary>Every frame of both profiles as it arrives, whole.</summary>
[Collection(SharedService.Name)]
public sealed class GoldenFrameTests(ServiceFixture fixture)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Message_ArrivesWhole(bool isExtended)
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service, isExtended);

        await room.Alice.SendAsync(ClientFrames.Message(room.ChatId, "a\r\nb", "c1").With("request_id", "r1"));
        await room.Alice.SendAsync(ClientFrames.Message(room.ChatId, "plain").With("request_id", "r2"));

        var first = room.Of(
            """
            {"type":"message","message":{"id":"#id","content":"a\nb","user":"$alice","timestamp":"#time",
             "chat_id":$chat,"seq":1,"client_id":"c1"}}
            """);
        var second = room.Of(
            """
            {"type":"message","message":{"id":"#id","content":"plain","user":"$alice","timestamp":"#time",
             "chat_id":$chat,"seq":2}}
            """);
        foreach (var socket in new[] { room.Alice, room.Bob })
        {
            Golden.Equal(first, await socket.NextAsync("message"));
            Golden.Equal(second, await socket.NextAsync("message"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MessageStatus_ArrivesWhole(bool isExtended)
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service, isExtended);

        await room.Alice.SendAsync(ClientFrames.Message(room.ChatId, "hi", "c1").With("request_id", "r1"));

        var sent = await room.Alice.NextAsync("message_status");
        Golden.Equal(
            room.Of(
                """
                {"type":"message_status","chat_id":$chat,"message_id":"#id","status":"sent","user":"$alice",
                 "timestamp":"#time","seq":1,"client_id":"c1","request_id":"r1"}
                """),
            sent);
        foreach (var status in new[] { "delivered", "read" })
        {
            await room.Bob.SendAsync(ClientFrames.Status(room.ChatId, sent.Get<long>("message_id"), status)
                .With("request_id", "r2"));
            var expected = room.Of(
                $$"""
                {"type":"message_status","chat_id":$chat,"message_id":{{sent["message_id"]}},"status":"{{status}}",
                 "user":"$bob","timestamp":"#time","seq":1}
                """);
            Golden.Equal(expected, await room.Alice.NextAsync("message_status"));
            Golden.Equal(expected, await room.Bob.NextAsync("message_status"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Typing_ArrivesWhole(bool isExtended)
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service, isExtended);

        await room.Alice.SendAsync(ClientFrames.Typing(room.ChatId).With("user", "somebody"));
        Golden.Equal(
            room.Of("""{"type":"typing","chat_id":$chat,"user":"$alice","is_typing":true}"""),
            await room.Bob.NextAsync("typing"));

        await room.Alice.SendAsync(ClientFrames.Typing(room.ChatId, isTyping: false));
        Golden.Equal(
            room.Of("""{"type":"typing","chat_id":$chat,"user":"$alice","is_typing":false}"""),
            await room.Bob.NextAsync("typing"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Replies_ArriveWhole(bool isExtended)
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service, isExtended);
        await room.Alice.SayAsync(room.ChatId, "one");
        await room.Alice.SayAsync(room.ChatId, "two");

        await AssertReplyAsync(ClientFrames.Heartbeat(), """{"type":"heartbeat","timestamp":"#time"}""");
        await AssertReplyAsync(
            ClientFrames.Subscribe(room.ChatId), """{"type":"subscribed","chat_id":$chat,"seq":2}""");
        await AssertReplyAsync(
            ClientFrames.Unsubscribe(room.ChatId, 77), """{"type":"unsubscribed","chat_ids":[$chat,77]}""");
        await AssertReplyAsync(
            ClientFrames.History(room.ChatId, limit: 1),
            """
            {"type":"history","chat_id":$chat,"messages":[{"id":"#id","content":"two","user":"$alice",
             "timestamp":"#time","chat_id":$chat,"seq":2,"client_id":"#text"}],"has_more":true}
            """);

        async Task AssertReplyAsync(JsonObject frame, string reply)
        {
            await room.Bob.SendAsync(frame.With("request_id", "r1"));
            var expected = JsonNode.Parse(room.Of(reply))!.AsObject().With("request_id", "r1");
            Golden.Equal(expected.ToJsonString(), await room.Bob.NextAsync((string)expected["type"]!));
            await room.Bob.SendAsync(frame.With("request_id", null));
            expected.Remove("request_id");
            Golden.Equal(expected.ToJsonString(), await room.Bob.NextAsync((string)expected["type"]!));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Errors_ArriveWhole(bool isExtended)
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service, isExtended);
        var strange = await fixture.World.ChatAsync(await fixture.World.UserAsync());
        await room.Alice.SayAsync(room.ChatId, "one");
        await room.Alice.SendAsync(ClientFrames.Message(room.ChatId, "two", "c1"));
        await room.Alice.NextAsync("message_status");

        foreach (var chatId in new[] { strange, 999_999_999L })
        {
            await AssertErrorAsync(ClientFrames.Message(chatId, "hi", "c1"), Denied(chatId, ""","client_id":"c1" """));
            await AssertErrorAsync(ClientFrames.Typing(chatId), Denied(chatId));
            await AssertErrorAsync(ClientFrames.Status(chatId, 1, "read"), Denied(chatId));
            await AssertErrorAsync(ClientFrames.History(chatId), Denied(chatId));
            await AssertErrorAsync(ClientFrames.Subscribe(chatId), Denied(chatId));
        }

        await AssertErrorAsync(
            ClientFrames.Message(room.ChatId, "three", "c1"),
            $$"""
            {"type":"error","code":"conflict","message":"Client id was already used with different content",
             "chat_id":{{room.ChatId}},"client_id":"c1","request_id":"r1"}
            """);

        static string Denied(long chatId, string more = "") =>
            $$"""
            {"type":"error","code":"permission_denied","message":"Not authorized for this chat",
             "chat_id":{{chatId}},"request_id":"r1"{{more}}}
            """;

        async Task AssertErrorAsync(JsonObject frame, string expected)
        {
            await room.Alice.SendAsync(frame.With("request_id", "r1"));
            Golden.Equal(expected, await room.Alice.NextAsync("error"));
        }
    }

    [Fact]
    public async Task Welcome_IsTheFirstFrame_WhenExtended()
    {
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        var chatId = await fixture.World.ChatAsync(alice, bob);
        var other = await fixture.World.ChatAsync(bob, alice);
        await using (var socket = await TestSocket.OpenAsync(fixture.Service, bob.Token))
        {
            await socket.SayAsync(chatId, "one");
            var sent = await socket.SayAsync(chatId, "two");
            await socket.SendAsync(ClientFrames.Status(chatId, sent.Get<long>("message_id"), "read"));
            await socket.UntilHeartbeatAsync();
        }

        await using var extended = await TestSocket.OpenAsync(fixture.Service, bob.Token, isExtended: true);

        Assert.Equal("newloom.v1", extended.SubProtocol);
        Golden.Equal(
            $$"""
            {"type":"welcome","user":"{{bob.Name}}","connection_id":"#text","heartbeat_interval_ms":"#wait",
             "expires_at":"#time","chats":[{"chat_id":{{chatId}},"name":"A chat","seq":2,"read_seq":2},
             {"chat_id":{{other}},"name":"A chat","seq":0,"read_seq":0}]}
            """,
            await extended.NextAsync());
    }

    [Fact]
    public async Task NewsOfMembersAndPresence_ArriveWhole_WhenExtended()
    {
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        var chatId = await fixture.World.ChatAsync(alice);
        await using var first = await TestSocket.OpenAsync(fixture.Service, alice.Token, isExtended: true);
        await using var second = await TestSocket.OpenAsync(fixture.Service, bob.Token, isExtended: true);

        await fixture.World.AddAsync(alice, chatId, bob);
        Golden.Equal(
            $$"""{"type":"chat_added","chat_id":{{chatId}},"name":"A chat"}""", await second.NextAsync("chat_added"));

        await using var carol = await OpenMemberAsync(alice, chatId);
        Golden.Equal(
            $$"""{"type":"presence","chat_id":{{chatId}},"user":"{{carol.Name}}","online":true}""",
            await first.NextAsync("presence"));

        await fixture.World.RemoveAsync(alice, chatId, bob);
        Golden.Equal($$"""{"type":"chat_removed","chat_id":{{chatId}}}""", await second.NextAsync("chat_removed"));
    }

    [Fact]
    public async Task PlainClient_GetsOnlyTheOriginalFrames()
    {
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        var chatId = await fixture.World.ChatAsync(alice, bob);
        await using var plain = await TestSocket.OpenAsync(fixture.Service, alice.Token);
        await using var witness = await TestSocket.OpenAsync(fixture.Service, alice.Token, isExtended: true);
        Assert.True(string.IsNullOrEmpty(plain.SubProtocol));

        await using (var member = await TestSocket.OpenAsync(fixture.Service, bob.Token))
        {
            for (var i = 0; i < 20; i++)
            {
                await member.SendAsync(ClientFrames.Message(chatId, $"{i}"));
            }

            await member.SendAsync(ClientFrames.Typing(chatId));
            await witness.NextAsync("typing");
        }

        var added = await fixture.World.ChatAsync(bob, alice);
        await fixture.World.RemoveAsync(alice, added, alice);
        await witness.NextAsync("chat_removed");

        var types = (await plain.UntilHeartbeatAsync()).Select(frame => frame.Get<string>("type")).ToList();
        Assert.Equal(20, types.Count(type => type == "message"));
        Assert.Empty(types.Except(["message", "typing"]));
        Assert.Empty(plain.Batches);
    }

    private async Task<Member> OpenMemberAsync((string Name, string Token) owner, long chatId)
    {
        var user = await fixture.World.UserAsync();
        await fixture.World.AddAsync(owner, chatId, user);
        return new Member(user.Name, await TestSocket.OpenAsync(fixture.Service, user.Token));
    }

    private sealed record Member(string Name, TestSocket Socket) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Socket.DisposeAsync();
    }
}
