using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Durability;

[Collection(SharedService.Name)]
public sealed class OrderTests(ServiceFixture fixture)
{
    private const int UserCount = 10;
    private const int SocketsPerUser = 5;
    private const int MessagesPerSocket = 6;
    private const int MessageCount = UserCount * SocketsPerUser * MessagesPerSocket;

    [Fact]
    public async Task Sockets_SeeOneGaplessOrder_WhenAllSendAtOnce()
    {
        var (users, chatIds) = await Load.PopulateAsync(fixture.Service, UserCount, chatCount: 1);
        var sockets = await Task.WhenAll(
            users.SelectMany(user => Enumerable.Repeat(user, SocketsPerUser))
                .Select(user => TestSocket.OpenAsync(fixture.Service, user.Token)));
        try
        {
            var sending = sockets.Select((socket, number) => SendAllAsync(socket, number, chatIds[0]));
            var receiving = sockets.Select(ReceiveAllAsync).ToList();
            await Task.WhenAll(sending);
            var seen = await Task.WhenAll(receiving);

            Assert.Equal(Enumerable.Range(1, MessageCount).Select(seq => (long)seq), seen[0].Select(m => m.Seq));
            Assert.Equal(seen[0].Select(message => message.Id).Order(), seen[0].Select(message => message.Id));
            Assert.Distinct(seen[0].Select(message => message.Content));
            Assert.All(seen, messages => Assert.Equal(seen[0], messages));
            Assert.Equal(seen[0], await History.ReadAsync(fixture.Service, users[0].Token, chatIds[0]));
            foreach (var socket in sockets)
            {
                Assert.Empty(await socket.UntilHeartbeatAsync());
            }
        }
        finally
        {
            foreach (var socket in sockets)
            {
                await socket.DisposeAsync();
            }
        }
    }

    private static async Task SendAllAsync(TestSocket socket, int number, long chatId)
    {
        for (var i = 0; i < MessagesPerSocket; i++)
        {
            await socket.SendAsync(
                new JsonObject { ["type"] = "message", ["chat_id"] = chatId, ["content"] = $"{i} of socket {number}" });
        }
    }

    private static async Task<List<ToldMessage>> ReceiveAllAsync(TestSocket socket)
    {
        var seen = new List<ToldMessage>();
        while (seen.Count < MessageCount)
        {
            var frame = await socket.NextAsync();
            Assert.Equal("message", frame["type"]!.GetValue<string>());
            seen.Add(ToldMessage.Of(frame["message"]!));
        }

        return seen;
    }
}
