using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace NewLoom.Tests.Support;

/// <summary>A WebSocket client for tests: frames are read as they come and asked for one by one.</summary>
public sealed class TestSocket : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonObject> _frames = Channel.CreateUnbounded<JsonObject>();
    private Task _reading = Task.CompletedTask;

    /// <summary>Why the server closed, once it has.</summary>
    public (int? Code, string? Reason) Closed => ((int?)_socket.CloseStatus, _socket.CloseStatusDescription);

    public string? SubProtocol => _socket.SubProtocol;

    /// <summary>The headers of the handshake's answer, where the options ask for them.</summary>
    public IReadOnlyDictionary<string, IEnumerable<string>>? AnswerHeaders => _socket.HttpResponseHeaders;

    /// <summary>The batches that have come, whole; their parts are read one by one.</summary>
    public ConcurrentQueue<JsonObject> Batches { get; } = new();

    /// <summary>Opens a chat socket.</summary>
    /// <param name="service">The service.</param>
    /// <param name="token">Goes into the URL; null leaves it out.</param>
    /// <param name="isExtended">Whether to offer <c>newloom.v1</c>.</param>
    /// <param name="query">More of the URL's query, as in <c>chats=none</c>.</param>
    /// <param name="path">The socket's path.</param>
    /// <param name="headers">More headers of the handshake.</param>
    public static async Task<TestSocket> OpenAsync(
        ServiceProcess service, string? token, bool isExtended = false, string? query = null, string path = "/ws/chat/",
        IReadOnlyDictionary<string, string>? headers = null)
    {
        var socket = new TestSocket();
        if (isExtended)
        {
            socket._socket.Options.AddSubProtocol("newloom.v1");
        }

        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            socket._socket.Options.SetRequestHeader(name, value);
        }

        var parameters = string.Join('&', new[] { token is null ? null : $"token={token}", query }.Where(part => part is not null));
        await socket._socket.ConnectAsync(
            new Uri($"ws://127.0.0.1:{service.Port}{path}?{parameters}"), TestContext.Current.CancellationToken);
        socket._reading = socket.ReadAsync();
        return socket;
    }

    /// <summary>Opens any socket, with options of the caller's.</summary>
    public static async Task<TestSocket> OpenAsync(
        Uri uri, Action<ClientWebSocketOptions> configure, HttpMessageInvoker? http = null)
    {
        var socket = new TestSocket();
        configure(socket._socket.Options);
        await socket._socket.ConnectAsync(uri, http, TestContext.Current.CancellationToken);
        socket._reading = socket.ReadAsync();
        return socket;
    }

    public Task SendAsync(JsonNode frame) => SendAsync(frame.ToJsonString());

    public Task SendAsync(string text) => _socket.SendAsync(
        System.Text.Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    /// <summary>Sends a part of a frame as a WebSocket fragment of its own.</summary>
    public Task SendPartAsync(string text, bool isLast) => _socket.SendAsync(
        System.Text.Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, isLast, TestContext.Current.CancellationToken);

    /// <summary>Sends a message with a client id and waits until it is confirmed.</summary>
    /// <returns>The confirmation.</returns>
    public async Task<JsonObject> SayAsync(long chatId, string content)
    {
        var clientId = Guid.NewGuid().ToString("N");
        await SendAsync(ClientFrames.Message(chatId, content, clientId));
        while (true)
        {
            var frame = await NextAsync();
            if (frame["client_id"]?.GetValue<string>() == clientId)
            {
                Assert.Equal("sent", frame.Get<string>("status"));
                return frame;
            }
        }
    }

    /// <summary>Sends a message and waits until this socket has received it itself; so have the others of this gateway,
    /// if they are to.</summary>
    public async Task SayAndSeeAsync(long chatId, string content)
    {
        var clientId = Guid.NewGuid().ToString("N");
        await SendAsync(ClientFrames.Message(chatId, content, clientId));
        while ((await NextAsync("message"))["message"]!["client_id"]?.GetValue<string>() != clientId)
        {
        }
    }

    /// <summary>Sends messages as fast as they go out and waits until the last one is confirmed.</summary>
    public async Task SendManyAsync(long chatId, int count, string content = "one of many")
    {
        for (var i = 1; i < count; i++)
        {
            await SendAsync(ClientFrames.Message(chatId, content));
        }

        await SayAsync(chatId, content);
    }

    public Task SendBinaryAsync(byte[] bytes) =>
        _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);

    /// <summary>The next frame, batches taken apart; throws when none comes in time or the socket is closed.</summary>
    public async Task<JsonObject> NextAsync() =>
        await _frames.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit);

    /// <summary>The next frame of this type; others are passed over.</summary>
    public async Task<JsonObject> NextAsync(string type)
    {
        while (true)
        {
            var frame = await NextAsync();
            if (frame["type"]!.GetValue<string>() == type)
            {
                return frame;
            }
        }
    }

    /// <summary>Proves that nothing else was on its way: everything before the answer to a heartbeat.</summary>
    public async Task<List<JsonObject>> UntilHeartbeatAsync()
    {
        var id = Guid.NewGuid().ToString("N");
        await SendAsync(new JsonObject { ["type"] = "heartbeat", ["request_id"] = id });
        var frames = new List<JsonObject>();
        while (true)
        {
            var frame = await NextAsync();
            if (frame["request_id"]?.GetValue<string>() == id)
            {
                return frames;
            }

            frames.Add(frame);
        }
    }

    /// <summary>Waits until the server has closed the socket.</summary>
    public async Task<(int? Code, string? Reason)> UntilClosedAsync()
    {
        await _reading.WaitAsync(Limit, TestContext.Current.CancellationToken);
        return Closed;
    }

    /// <summary>Ends the connection without a close frame.</summary>
    public void Drop() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1_024];
        using var text = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await _socket.CloseOutputAsync(_socket.CloseStatus!.Value, _socket.CloseStatusDescription, CancellationToken.None);
                    break;
                }

                text.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Take((JsonObject)JsonNode.Parse(text.ToArray())!);
                    text.SetLength(0);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Dropped by either side; what has arrived can still be read.
        }
        finally
        {
            _frames.Writer.TryComplete();
        }
    }

    private void Take(JsonObject frame)
    {
        if (frame["type"]?.GetValue<string>() == "batch")
        {
            Batches.Enqueue(frame);
            foreach (var part in frame["frames"]!.AsArray())
            {
                _frames.Writer.TryWrite((JsonObject)part!.DeepClone());
            }
        }
        else
        {
            _frames.Writer.TryWrite(frame);
        }
    }
}
