using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Silo;

/// <summary>Tokens stay out of the logs, however much an operator asks to be logged.</summary>
public sealed class SecretsInLogsTests
{
    private const string WrongToken = "wrong-but-still-somebodys-secret";

    [Theory]
    [InlineData("Logging__LogLevel__")]
    [InlineData("Logging__Console__LogLevel__")]
    public async Task Log_HoldsNoToken_WhenEverythingIsTraced(string prefix)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            [$"{prefix}NewLoom"] = "Trace",
            [$"{prefix}Microsoft.AspNetCore"] = "Trace",
            [$"{prefix}Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace",
            ["Logging__Console__FormatterOptions__IncludeScopes"] = "true",
        });
        await service.StartAsync(ct);
        var world = new World(service);
        var alice = await world.UserAsync();
        var chatId = await world.ChatAsync(alice);
        using var http = service.Http(WrongToken);
        foreach (var token in new[] { ServiceProcess.AdminToken, alice.Token, WrongToken })
        {
            await http.GetAsync(new Uri($"api/chats?token={token}", UriKind.Relative), ct);
            await http.GetAsync(new Uri($"nothing-here?token={token}", UriKind.Relative), ct);
            await SendRawAsync(service, $"GET /ws/chat/%00?token={token} HTTP/1.1\r\nHost: x\r\n\r\n");
            await SendRawAsync(service, $"GET /ws/chat/?token={token} HTTP/9.9\r\nHost: x\r\n\r\n");
        }

        await using (var socket = await TestSocket.OpenAsync(service, alice.Token))
        {
            await socket.SendAsync(new JsonObject { ["type"] = "message", ["chat_id"] = chatId, ["content"] = "hello" });
            await socket.NextAsync("message");
            await socket.SendAsync("{");
            await socket.NextAsync("error");
        }

        await using (var refused = await TestSocket.OpenAsync(service, WrongToken))
        {
            await refused.UntilClosedAsync();
        }

        Assert.Equal(0, await service.StopAsync(ct));
        var output = service.Output;
        Assert.Contains("dbug: Microsoft.AspNetCore", output, StringComparison.Ordinal);
        Assert.All(
            new[] { ServiceProcess.AdminToken, alice.Token, WrongToken },
            secret => Assert.DoesNotContain(secret, output, StringComparison.Ordinal));
    }

    private static async Task SendRawAsync(ServiceProcess service, string request)
    {
        var ct = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", service.Port, ct);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), ct);
        using var answer = new StreamReader(client.GetStream());
        Assert.StartsWith("HTTP/1.1 ", await answer.ReadLineAsync(ct), StringComparison.Ordinal);
    }
}
