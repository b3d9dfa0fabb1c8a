using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

/// <summary>Which chats a socket receives from the start: <c>?chats=</c>.</summary>
[Collection(SharedService.Name)]
public sealed class ScopeTests(ServiceFixture fixture)
{
    [Theory]
    [InlineData("$a", "$a")]
    [InlineData("$a,$b", "$a,$b")]
    [InlineData("$b,$b", "$b")]
    [InlineData("none", "")]
    [InlineData(null, "$a,$b")]
    public async Task Socket_ReceivesTheChatsItNames(string? chats, string received)
    {
        var alice = await fixture.World.UserAsync();
        var (a, b) = (await fixture.World.ChatAsync(alice), await fixture.World.ChatAsync(alice));
        await using var socket = await TestSocket.OpenAsync(
            fixture.Service, alice.Token, query: chats is null ? null : $"chats={Of(chats)}");
        await using var witness = await TestSocket.OpenAsync(fixture.Service, alice.Token);

        await witness.SayAndSeeAsync(a, "hi");
        await witness.SayAndSeeAsync(b, "hi");

        var seen = (await socket.UntilHeartbeatAsync()).Select(frame => $"{frame.Get<long>("message.chat_id")}");
        Assert.Equal(Of(received), string.Join(',', seen));

        string Of(string text) => text
            .Replace("$a", $"{a}", StringComparison.Ordinal).Replace("$b", $"{b}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Socket_GetsPermissionDenied_ForEachForeignChatItNames()
    {
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        var (own, foreign) = (await fixture.World.ChatAsync(alice), await fixture.World.ChatAsync(bob));
        await using var socket = await TestSocket.OpenAsync(
            fixture.Service, alice.Token, query: $"chats={foreign},{own}");

        Golden.Equal(
            $$"""
            {"type":"error","code":"permission_denied","message":"Not authorized for this chat","chat_id":{{foreign}}}
            """,
            await socket.NextAsync());
        await socket.SayAsync(own, "hi");
    }

    [Theory]
    [InlineData("")]
    [InlineData("all")]
    [InlineData("1,")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("9007199254740992")]
    [InlineData("None")]
    public async Task Socket_IsRefusedForGood_WhenTheParameterIsWrong(string chats)
    {
        var alice = await fixture.World.UserAsync();
        await using var socket = await TestSocket.OpenAsync(fixture.Service, alice.Token, query: $"chats={chats}");

        Golden.Equal(
            """{"type":"error","code":"invalid_format","message":"Invalid message format","detail":"#text"}""",
            await socket.NextAsync());
        Assert.Equal(4403, (await socket.UntilClosedAsync()).Code);
    }

    [Fact]
    public async Task Socket_LivesOn_WhenItNamesManyForeignChats()
    {
        const int Count = 51;
        var alice = await fixture.World.UserAsync();
        var many = string.Join(',', Enumerable.Range(500_000, Count));
        await using var socket = await TestSocket.OpenAsync(fixture.Service, alice.Token, query: $"chats={many}");

        Assert.Equal(Count, (await socket.UntilHeartbeatAsync()).Count);
    }

    [Fact]
    public async Task Socket_ReceivesChatsJoinedLater_OnlyWithoutTheParameter()
    {
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        await using var all = await TestSocket.OpenAsync(fixture.Service, bob.Token);
        await using var none = await TestSocket.OpenAsync(fixture.Service, bob.Token, query: "chats=none");

        var chatId = await fixture.World.ChatAsync(alice, bob);
        await fixture.World.PostAsync(alice, chatId, "at once");

        var message = await all.NextAsync("message");
        Assert.Equal((chatId, 1), (message.Get<long>("message.chat_id"), message.Get<long>("message.seq")));
        Assert.Empty(await none.UntilHeartbeatAsync());
    }

    [Theory]
    [InlineData("/ws/chat")]
    [InlineData("/ws/chat/")]
    public async Task Path_WorksWithAndWithoutTheSlash(string path)
    {
        var alice = await fixture.World.UserAsync();
        await using var socket = await TestSocket.OpenAsync(fixture.Service, alice.Token, path: path);

        Assert.Empty(await socket.UntilHeartbeatAsync());
    }
}
