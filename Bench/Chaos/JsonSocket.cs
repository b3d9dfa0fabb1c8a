using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace NewLoom.Bench.Chaos;

/// <summary>A WebSocket client as a browser's: whole frames of JSON, batches taken apart.</summary>
internal sealed class JsonSocket : IAsyncDisposable
{
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(10);
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonElement> _frames = Channel.CreateUnbounded<JsonElement>();
    private Task _reading = Task.CompletedTask;

    private JsonSocket()
    {
    }

    /// <summary>The frames as they come; it ends when the socket does.</summary>
    public ChannelReader<JsonElement> Frames => _frames.Reader;

    /// <summary>Connects.</summary>
    /// <param name="gateway">The gateway's address.</param>
    /// <param name="path">The path with its query.</param>
    /// <param name="token">Who connects.</param>
    /// <param name="isExtended">Whether the extended profile is asked for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<JsonSocket> OpenAsync(
        Uri gateway, string path, string token, bool isExtended, CancellationToken cancellationToken)
    {
        var socket = new JsonSocket();
        socket._socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        if (isExtended)
        {
            socket._socket.Options.AddSubProtocol("newloom.v1");
        }

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(OpenLimit);
        try
        {
            var address = new UriBuilder(new Uri(gateway, path)) { Scheme = "ws" }.Uri;
            await socket._socket.ConnectAsync(address, limited.Token);
        }
        catch
        {
            socket._socket.Dispose();
            throw;
        }

        socket._reading = socket.ReadAsync();
        return socket;
    }

    /// <summary>Whether the exception is the end of a connection, and no fault of this program.</summary>
    public static bool IsCutOff(Exception e) =>
        e is WebSocketException or HttpRequestException or OperationCanceledException or ChannelClosedException
            or ObjectDisposedException or IOException or TimeoutException;

    /// <summary>Sends a frame.</summary>
    public Task SendAsync(JsonObject frame, CancellationToken cancellationToken) => _socket.SendAsync(
        JsonSerializer.SerializeToUtf8Bytes(frame), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[16 * 1_024];
        using var text = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                text.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Take(JsonElement.Parse(text.ToArray()));
                    text.SetLength(0);
                }
            }
        }
        catch (Exception e) when (IsCutOff(e))
        {
            // What has arrived can still be read.
        }
        finally
        {
            _frames.Writer.TryComplete();
        }
    }

    private void Take(JsonElement frame)
    {
        if (frame.GetProperty("type").GetString() != "batch")
        {
            _frames.Writer.TryWrite(frame);
            return;
        }

        foreach (var part in frame.GetProperty("frames").EnumerateArray())
        {
            _frames.Writer.TryWrite(part);
        }
    }
}
