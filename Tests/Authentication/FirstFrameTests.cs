using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication;

[Collection(SharedService.Name)]
public sealed class FirstFrameTests(ServiceFixture fixture)
{
    [Theory]
    [InlineData("/ws/chat/")]
    [InlineData("/ws/streams/")]
    public async Task Socket_IsLetIn_WhenItsFirstFrameHoldsAToken(string path)
    {
        var alice = await fixture.World.UserAsync();
        await using var socket = await OpenAsync(path);

        await socket.SendAsync(Credentials.Authenticate(alice.Token).With("request_id", "r1"));

        var welcome = await socket.NextAsync();
        Assert.Equal(("welcome", alice.Name), (welcome.Get<string>("type"), welcome.Get<string>("user")));
        Golden.Equal(
            $$"""
            {"type":"authenticated","user":"{{alice.Name}}","expires_at":"{{welcome.Get<string>("expires_at")}}",
             "request_id":"r1"}
            """,
            await socket.NextAsync());
        Assert.Empty(await socket.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Socket_ReceivesItsChats_OnceItIsLetIn()
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        await using var socket = await OpenAsync("/ws/chat/");
        await socket.SendAsync(ClientFrames.Batch(
            Credentials.Authenticate(room.AliceUser.Token), ClientFrames.Message(room.ChatId, "from behind")));

        var message = await socket.NextAsync("message");

        Assert.Equal("from behind", message.Get<string>("message.content"));
        Assert.Equal("from behind", (await room.Bob.NextAsync("message")).Get<string>("message.content"));
    }

    [Theory]
    [InlineData("""{"type":"authenticate","token":"wrong"}""")]
    [InlineData("""{"type":"authenticate","token":""}""")]
    [InlineData("""{"type":"authenticate","token":17}""")]
    [InlineData("""{"type":"authenticate"}""")]
    [InlineData("""{"type":"heartbeat"}""")]
    [InlineData("""{"type":"message","chat_id":123,"content":"hi"}""")]
    [InlineData("no JSON")]
    public async Task Socket_GetsErrorAnd4401_WhenItsFirstFrameHoldsNoGoodToken(string first)
    {
        await using var socket = await OpenAsync("/ws/chat/");
        await socket.SendAsync(first);
        await Credentials.ExpectFailedAsync(socket);
    }

    [Fact]
    public async Task Socket_GetsErrorAnd4401_WhenItsFirstFrameIsBinary()
    {
        await using var socket = await OpenAsync("/ws/chat/");
        await socket.SendBinaryAsync([1, 2, 3]);
        await Credentials.ExpectFailedAsync(socket);
    }

    [Fact]
    public async Task Socket_GetsErrorAnd4401_WhenTheTokenIsForOtherThings()
    {
        var alice = await fixture.World.UserAsync();
        var (token, _) = await Credentials.IssueTokenAsync(fixture.Service, alice.Name, 60, "streams:view");
        await using var socket = await OpenAsync("/ws/chat/");
        await socket.SendAsync(Credentials.Authenticate(token));
        await Credentials.ExpectFailedAsync(socket);
    }

    [Fact]
    public async Task Socket_GetsErrorAnd4401_WhenThePlainProfileHasNoCredential()
    {
        await using var socket = await TestSocket.OpenAsync(fixture.Service, token: null);
        await Credentials.ExpectFailedAsync(socket);
    }

    [Fact]
    public async Task Socket_IsClosedWith4403_WhenItsScopeIsWrong()
    {
        var alice = await fixture.World.UserAsync();
        await using var socket = await TestSocket.OpenAsync(
            fixture.Service, token: null, isExtended: true, query: "chats=x");
        await socket.SendAsync(Credentials.Authenticate(alice.Token));
        Assert.Equal("invalid_format", (await socket.NextAsync()).Get<string>("code"));
        Assert.Equal(4403, (await socket.UntilClosedAsync()).Code);
    }

    private Task<TestSocket> OpenAsync(string path) =>
        TestSocket.OpenAsync(fixture.Service, token: null, isExtended: true, path: path);
}
