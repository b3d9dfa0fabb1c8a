using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Durability;

/// <summary>A member who sends without a pause over a socket of its own, comes back after every restart and repeats
/// what was not confirmed. Every third message has no client id, and is not repeated.</summary>
internal sealed class LoadSender(
    ServiceProcess service, Uptime uptime, Books books, (string Name, string Token) user, IReadOnlyList<long> chatIds)
{
    private const int WindowCount = 8;

    private readonly Dictionary<string, Draft> _open = [];
    private int _count;
    private volatile bool _isFinishing;

    /// <summary>Counts what was confirmed: by <c>sent</c>, or by the message's own arrival when it has no client
    /// id.</summary>
    public required Tally Confirmed { get; init; }

    /// <summary>Sends nothing new any more; <see cref="RunAsync"/> ends when all is confirmed.</summary>
    public void Finish() => _isFinishing = true;

    public async Task RunAsync()
    {
        for (var start = 0; ;)
        {
            start = await uptime.AfterAsync(start);
            try
            {
                await using var socket = await TestSocket.OpenAsync(service, user.Token);
                await SpeakAsync(socket);
                return;
            }
            catch (Exception e) when (Load.IsCutOff(e))
            {
                // The service was killed; what it took and did not confirm may be stored or not.
            }
        }
    }

    private async Task SpeakAsync(TestSocket socket)
    {
        var seen = new Dictionary<long, long>();
        foreach (var draft in _open.Values.ToList())
        {
            if (draft.ClientId is null)
            {
                _open.Remove(draft.Content);
            }
            else
            {
                await SendAsync(socket, draft);
            }
        }

        while (true)
        {
            while (!_isFinishing && _open.Count < WindowCount)
            {
                await SendAsync(socket, Compose());
            }

            if (_open.Count == 0)
            {
                return;
            }

            Take(await socket.NextAsync(), seen);
        }
    }

    private Draft Compose()
    {
        var number = ++_count;
        var draft = new Draft(
            chatIds[number % chatIds.Count], user.Name, $"{user.Name} {number}", number % 3 == 0 ? null : $"c{number}");
        books.Write(draft);
        _open.Add(draft.Content, draft);
        return draft;
    }

    private void Take(JsonObject frame, Dictionary<long, long> seen)
    {
        switch (frame["type"]!.GetValue<string>())
        {
            case "message":
                var message = ToldMessage.Of(frame["message"]!);
                books.Tell(message);
                if (seen.TryGetValue(message.ChatId, out var last) && message.Seq != last + 1)
                {
                    books.Complain($"after {last} one socket got {message}");
                }

                seen[message.ChatId] = message.Seq;
                if (message.ClientId is null && _open.Remove(message.Content))
                {
                    Confirmed.Add();
                }

                break;
            case "message_status":
                var content = $"{user.Name} {frame["client_id"]!.GetValue<string>()[1..]}";
                books.Tell(ToldMessage.OfSent(frame, content));
                if (_open.Remove(content))
                {
                    Confirmed.Add();
                }

                break;
            default:
                books.Complain(frame.ToJsonString());
                break;
        }
    }

    private static Task SendAsync(TestSocket socket, Draft draft)
    {
        var frame = new JsonObject { ["type"] = "message", ["chat_id"] = draft.ChatId, ["content"] = draft.Content };
        if (draft.ClientId is not null)
        {
            frame["client_id"] = draft.ClientId;
        }

        return socket.SendAsync(frame);
    }
}
