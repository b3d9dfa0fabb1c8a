using System.Net.WebSockets;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Limits;

/// <summary>Sockets that have not said who they are, and may be so many for an address.</summary>
public sealed class UnauthenticatedSocketTests
{
    /// <summary>Clients that never answer the service's close frame, so that each keeps its place.</summary>
    [Fact]
    public async Task PlainSockets_TakePlacesToo()
    {
        const int PlaceCount = 3;
        var ct = TestContext.Current.CancellationToken;
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["NewLoom__Limits__UnauthenticatedSockets"] = $"{PlaceCount}",
        });
        await service.StartAsync(ct);
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < PlaceCount; i++)
        {
            sockets.Add(new ClientWebSocket());
            await sockets[^1].ConnectAsync(Url(service), ct);
        }

        using var oneMore = new ClientWebSocket();
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => oneMore.ConnectAsync(Url(service), ct));

        Assert.Contains("429", refused.Message, StringComparison.Ordinal);
        sockets.ForEach(socket => socket.Dispose());
    }

    private static Uri Url(ServiceProcess service) => new($"ws://127.0.0.1:{service.Port}/ws/chat/");
}
