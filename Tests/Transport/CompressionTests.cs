using System.Net.WebSockets;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Transport;

/// <summary>Sockets are not compressed: that would cost memory for each, and let a listener guess secrets by
/// length.</summary>
[Collection(SharedService.Name)]
public sealed class CompressionTests(ServiceFixture fixture)
{
    [Fact]
    public async Task Socket_IsNotCompressed_ThoughTheClientOffersIt()
    {
        var alice = await fixture.World.UserAsync();
        var chatId = await fixture.World.ChatAsync(alice);

        await using var socket = await TestSocket.OpenAsync(
            new Uri($"ws://127.0.0.1:{fixture.Service.Port}/ws/chat/?token={alice.Token}"),
            options =>
            {
                options.DangerousDeflateOptions = new WebSocketDeflateOptions();
                options.CollectHttpResponseDetails = true;
            });

        Assert.DoesNotContain("Sec-WebSocket-Extensions", socket.AnswerHeaders!.Keys);
        await socket.SayAndSeeAsync(chatId, "as it is");
    }
}
