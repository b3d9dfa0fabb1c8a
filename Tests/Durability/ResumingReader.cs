using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Durability;

/// <summary>A member who reads one chat and keeps breaking off: by dropping its socket and resuming on a new one, or by
/// subscribing again on the same one. Complains about every message that is missing, doubled or out of order.</summary>
internal sealed class ResumingReader(
    ServiceProcess service, Uptime uptime, Books books, string token, long chatId)
{
    /// <summary>The content that ends the reading.</summary>
    public const string TheEnd = "the end";

    private long _last;
    private int _breakCount;
    private bool _isDropped;

    /// <summary>How often it breaks off.</summary>
    public required int BreakCount { get; init; }

    /// <summary>Whether it drops its socket, instead of subscribing again.</summary>
    public required bool Drops { get; init; }

    /// <summary>Counts every break.</summary>
    public required Tally Broken { get; init; }

    /// <summary>The last message that was read, without a gap from the first.</summary>
    public long LastSeq => _last;

    public async Task RunAsync()
    {
        for (var start = 0; ;)
        {
            start = _isDropped ? start : await uptime.AfterAsync(start);
            _isDropped = false;
            try
            {
                await using var socket = await TestSocket.OpenAsync(service, token, query: "chats=none");
                if (await ReadAsync(socket))
                {
                    return;
                }
            }
            catch (Exception e) when (Load.IsCutOff(e))
            {
                // The service has ended.
            }
        }
    }

    /// <summary>Reads until it drops the socket (false) or the end (true).</summary>
    private async Task<bool> ReadAsync(TestSocket socket)
    {
        var asked = await SubscribeAsync(socket, _last);
        long? expected = null;
        var isAnswered = false;
        for (var readCount = 0; ;)
        {
            var frame = await socket.NextAsync();
            if (frame["type"]!.GetValue<string>() == "subscribed" && frame["truncated"] is null)
            {
                (expected, isAnswered) = (asked + 1, true);
                continue;
            }

            if (frame["type"]!.GetValue<string>() != "message")
            {
                books.Complain(frame.ToJsonString());
                continue;
            }

            var message = ToldMessage.Of(frame["message"]!);
            Take(message, expected, asked);
            expected = message.Seq + 1;
            if (message.Content == TheEnd)
            {
                return true;
            }

            if (isAnswered && ++readCount % 12 == 0 && _breakCount < BreakCount)
            {
                _breakCount++;
                Broken.Add();
                if (Drops)
                {
                    socket.Drop();
                    _isDropped = true;
                    return false;
                }

                // Sometimes from further back: what follows comes again.
                asked = await SubscribeAsync(socket, Math.Max(0, _last - (_breakCount % 3 * 5)));
                isAnswered = false;
            }
        }
    }

    private void Take(ToldMessage message, long? expected, long asked)
    {
        books.Tell(message);
        if (message.Seq != expected)
        {
            books.Complain($"expected {expected} after {asked}, but got {message}");
        }

        _last = Math.Max(_last, message.Seq);
    }

    private async Task<long> SubscribeAsync(TestSocket socket, long afterSeq)
    {
        var cursor = new JsonObject { ["chat_id"] = chatId, ["after_seq"] = afterSeq };
        await socket.SendAsync(new JsonObject { ["type"] = "subscribe", ["chats"] = new JsonArray(cursor) });
        return afterSeq;
    }
}
