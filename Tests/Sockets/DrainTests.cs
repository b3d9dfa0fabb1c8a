using NewLoom.Tests.Durability;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

/// <summary>A service that is asked to stop while clients send.</summary>
public sealed class DrainTests
{
    private const int SenderCount = 10;
    private const int MessagesBefore = 5;

    [Fact]
    public async Task Frames_AreAnswered_WhenTheyAreBeingHandledAsTheServiceStops()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var service = new ServiceProcess(Load.Limits);
        await service.StartAsync(ct);
        var (users, chatIds) = await Load.PopulateAsync(service, SenderCount, chatCount: 1);
        var confirmed = new List<string>();
        var begun = new Tally();
        var allBegun = begun.ActAfter(SenderCount * MessagesBefore);
        var senders = users.Select(user => SendAsync(service, user, chatIds[0], confirmed, begun)).ToList();
        await allBegun.WaitAsync(ct);

        service.Terminate();

        await Task.WhenAll(senders);
        await service.Process.WaitForExitAsync(ct);
        await service.StartAsync(ct);
        var stored = (await History.ReadAsync(service, users[0].Token, chatIds[0])).Select(message => message.Content);
        Assert.Equal(confirmed.Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
    }

    /// <summary>Always has one message under way, until the socket is closed.</summary>
    private static async Task SendAsync(
        ServiceProcess service, (string Name, string Token) user, long chatId, List<string> confirmed,
        Tally begun)
    {
        await using var socket = await TestSocket.OpenAsync(service, user.Token, query: "chats=none");
        try
        {
            for (var i = 0; ; i++)
            {
                var content = $"{user.Name} {i}";
                await socket.SendAsync(ClientFrames.Message(chatId, content, $"c{i}"));
                Assert.Equal("sent", (await socket.NextAsync("message_status")).Get<string>("status"));
                lock (confirmed)
                {
                    confirmed.Add(content);
                }

                begun.Add();
            }
        }
        catch (Exception e) when (Load.IsCutOff(e))
        {
            Assert.Equal((1001, "unavailable"), await socket.UntilClosedAsync());
        }
    }
}
