using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

[Collection(SharedService.Name)]
public sealed class TypingTests(ServiceFixture fixture)
{
    [Fact]
    public async Task Typing_GoesToAllButTheTypingSocket()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        var second = await room.OpenMoreAsync(room.AliceUser);

        await room.Alice.SendAsync(ClientFrames.Typing(room.ChatId));

        Assert.True((await second.NextAsync("typing")).Get<bool>("is_typing"));
        Assert.True((await room.Bob.NextAsync("typing")).Get<bool>("is_typing"));
        Assert.Empty(await room.Alice.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Typing_Stops_WhenTheMessageIsSent()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        await room.Alice.SendAsync(ClientFrames.Typing(room.ChatId));
        await room.Bob.NextAsync("typing");

        await room.Alice.SayAsync(room.ChatId, "hi");

        await room.Bob.NextAsync("message");
        Golden.Equal(
            room.Of("""{"type":"typing","chat_id":$chat,"user":"$alice","is_typing":false}"""),
            await room.Bob.NextAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Typing_Stops_WhenTheSocketIsGone(bool saysSo)
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        await room.Alice.SendAsync(ClientFrames.Typing(room.ChatId));
        await room.Bob.NextAsync("typing");

        if (saysSo)
        {
            await room.Alice.SendAsync("""{"type":"disconnect"}""");
        }
        else
        {
            room.Alice.Drop();
        }

        Assert.False((await room.Bob.NextAsync("typing")).Get<bool>("is_typing"));
    }

    [Fact]
    public async Task Disconnect_TellsNothing_WhenNobodyTyped()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        await room.Alice.SendAsync(ClientFrames.Typing(room.ChatId));
        await room.Alice.SayAsync(room.ChatId, "hi");
        await room.Alice.SendAsync("""{"type":"disconnect"}""");
        await room.Alice.UntilClosedAsync();

        var second = await room.OpenMoreAsync(room.AliceUser);
        await second.SayAsync(room.ChatId, "again");

        await room.Bob.NextAsync("message");
        Assert.False((await room.Bob.NextAsync()).Get<bool>("is_typing"));
        Assert.Equal("message", (await room.Bob.NextAsync()).Get<string>("type"));
    }
}
