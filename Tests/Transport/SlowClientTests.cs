using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using NewLoom.Gateway.Transport;

namespace NewLoom.Tests.Transport;

/// <summary>A client that takes its time with the beginning is cut off; this takes real time.</summary>
public sealed class SlowClientTests(TlsService tls) : IClassFixture<TlsService>
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(20);    // for a busy machine

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Connection_IsCut_WhenHandshakesAreDribbled() => Task.WhenAll(
        AssertCutAsync(DribbleHeadAsync, "HTTP/1.1 408 "), AssertCutAsync(SayNothingAsync, ""));

    /// <summary>A slow-loris: each byte comes in good time, the whole never does.</summary>
    private async Task<string> DribbleHeadAsync(Stream connection)
    {
        await using var encrypted = new SslStream(connection, leaveInnerStreamOpen: true, tls.IsOurs);
        await encrypted.AuthenticateAsClientAsync("127.0.0.1");
        var answer = ReadAllAsync(encrypted);
        var head = Encoding.ASCII.GetBytes(
            $"GET /ws/chat/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nX-Filler: {new string('x', 1_000)}");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < head.Length && !answer.IsCompleted && await timer.WaitForNextTickAsync(Ct); i++)
        {
            try
            {
                await encrypted.WriteAsync(head.AsMemory(i, 1), Ct);
            }
            catch (IOException)
            {
                break;    // cut
            }
        }

        return await answer;
    }

    private static Task<string> SayNothingAsync(Stream connection) => ReadAllAsync(connection);

    private async Task AssertCutAsync(Func<Stream, Task<string>> act, string answer)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", tls.Service.Port, Ct);
        var started = Stopwatch.GetTimestamp();

        var seen = await act(client.GetStream()).WaitAsync(TransportHosting.RequestHeadersTimeout + Slack, Ct);

        Assert.StartsWith(answer, seen, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(started) > TransportHosting.RequestHeadersTimeout / 2);
    }

    private static async Task<string> ReadAllAsync(Stream connection)
    {
        var text = new StringBuilder();
        var buffer = new byte[1_024];
        try
        {
            while (await connection.ReadAsync(buffer, Ct) is > 0 and var count)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // Reset by the server.
        }

        return text.ToString();
    }
}
