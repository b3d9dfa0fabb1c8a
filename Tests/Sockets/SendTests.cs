using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

[Collection(SharedService.Name)]
public sealed class SendTests(ServiceFixture fixture)
{
    [Fact]
    public async Task Message_ReachesEveryMember_WhenSent()
    {
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        var chatId = await fixture.World.ChatAsync(alice, bob);
        await using var sender = await TestSocket.OpenAsync(fixture.Service, alice.Token);
        await using var receiver = await TestSocket.OpenAsync(fixture.Service, bob.Token);

        await sender.SendAsync(new JsonObject { ["type"] = "message", ["chat_id"] = chatId, ["content"] = "hello" });

        foreach (var socket in new[] { sender, receiver })
        {
            var message = (await socket.NextAsync("message"))["message"]!;
            Assert.Equal("hello", message["content"]!.GetValue<string>());
            Assert.Equal(1, message["seq"]!.GetValue<long>());
        }
    }

    [Fact]
    public async Task Socket_AnswersClose_WhenClientCloses()
    {
        var alice = await fixture.World.UserAsync();
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        var ct = TestContext.Current.CancellationToken;
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{fixture.Service.Port}/ws/chat/?token={alice.Token}"), ct);

        await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, "", ct);

        Assert.Equal(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }
}
