using System.Text.Json;
using System.Text.Json.Nodes;

namespace NewLoom.Bench.Chaos;

/// <summary>Sends to one chat at a steady rate, and repeats each message until it is confirmed, on whatever
/// gateway.</summary>
internal sealed class ChatSender(Topic chat, string user, IReadOnlyList<Uri> gateways, int first)
    : ChaosClient(gateways, first)
{
    private const int OpenMax = 4;
    private static readonly TimeSpan HurriedInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Longer than a gateway takes to say that something is unavailable.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(12);
    private readonly Dictionary<string, Draft> _open = [];
    private readonly List<ToldMessage> _confirmed = [];
    private long _nextAt;
    private int _count;
    private volatile bool _isFinishing;
    private volatile bool _isHurrying;

    /// <summary>How often it sends a message, unless four wait for their confirmation.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>The chat.</summary>
    public Topic Chat => chat;

    /// <summary>What was confirmed.</summary>
    public IReadOnlyList<ToldMessage> Confirmed => _confirmed;

    /// <summary>What was sent and never confirmed.</summary>
    public int OpenCount => _open.Count;

    /// <inheritdoc />
    protected override string Path => "/ws/chat/?chats=none";

    /// <summary>Sends as fast as it can, or at its usual rate again.</summary>
    public void Hurry(bool isHurrying) => _isHurrying = isHurrying;

    /// <summary>Sends nothing new any more; <see cref="ChaosClient.RunAsync"/> ends when all is confirmed.</summary>
    public void Finish() => _isFinishing = true;

    /// <inheritdoc />
    protected override async Task<bool> SpeakAsync(JsonSocket socket, CancellationToken cancellationToken)
    {
        foreach (var draft in _open.Values)
        {
            draft.DueAt = 0;
        }

        while (_open.Count > 0 || !_isFinishing)
        {
            var now = Time.GetTimestamp();
            if (!_isFinishing && _open.Count < OpenMax && now >= _nextAt)
            {
                var interval = _isHurrying ? HurriedInterval : Interval;
                _nextAt = now + (long)(interval.TotalSeconds * Time.TimestampFrequency);
                Compose(now);
            }

            foreach (var draft in _open.Values.Where(draft => draft.DueAt <= now).ToList())
            {
                await SendAsync(socket, draft, now, cancellationToken);
            }

            if (_open.Values.Any(draft => Time.GetElapsedTime(draft.AskedAt, now) > AnswerLimit))
            {
                Books.Count("sockets given up because a message was not answered");
                return false;
            }

            var (isOpen, frame) = await NextAsync(socket, TimeSpan.FromMilliseconds(50), cancellationToken);
            if (!isOpen || (frame is { } came && await TakeAsync(came, cancellationToken)))
            {
                return false;
            }
        }

        return true;
    }

    private void Compose(long now)
    {
        var clientId = $"c{++_count}";
        _open.Add(clientId, new Draft($"{user} {_count}", clientId, now));
    }

    private async Task SendAsync(JsonSocket socket, Draft draft, long now, CancellationToken cancellationToken)
    {
        (draft.AskedAt, draft.DueAt) = (now, long.MaxValue);
        await socket.SendAsync(
            new JsonObject
            {
                ["type"] = "message",
                ["chat_id"] = chat.Id,
                ["content"] = draft.Content,
                ["client_id"] = draft.ClientId,
            },
            cancellationToken);
    }

    /// <returns>Whether the socket is to be left.</returns>
    private async Task<bool> TakeAsync(JsonElement frame, CancellationToken cancellationToken)
    {
        var clientId = frame.TryGetProperty("client_id", out var value) ? value.GetString()! : "";
        if (RetryAfter(frame) is { } wait)
        {
            Books.Count($"answers '{frame.GetProperty("code").GetString()}' to a message");
            if (_open.TryGetValue(clientId, out var draft))
            {
                draft.DueAt = Time.GetTimestamp() + (long)(wait.TotalSeconds * Time.TimestampFrequency);
                draft.AskedAt = draft.DueAt;
            }
        }
        else if (frame.GetProperty("type").GetString() == "message_status")
        {
            if (frame.GetProperty("status").GetString() == "sent")
            {
                Confirm(frame, clientId);
            }
        }
        else if (frame.GetProperty("type").GetString() != "welcome")
        {
            if (await IsSentAwayAsync(frame, cancellationToken))
            {
                return true;
            }

            Books.Complain($"the sender of {chat} got {frame}");
        }

        return false;
    }

    private void Confirm(JsonElement frame, string clientId)
    {
        if (!_open.Remove(clientId, out var draft))
        {
            return;    // a second answer to a repeated message
        }

        var seq = frame.GetProperty("seq").GetInt64();
        _confirmed.Add(new ToldMessage(
            seq, frame.GetProperty("message_id").GetInt64(), user, draft.Content, clientId));
        chat.Confirm(seq);
        Books.Recoveries.Confirmed(chat.Id, draft.SentAt);
    }

    private sealed class Draft(string content, string clientId, long sentAt)
    {
        public string Content => content;

        public string ClientId => clientId;

        /// <summary>When it was first sent.</summary>
        public long SentAt { get; } = sentAt;

        /// <summary>When it was last sent.</summary>
        public long AskedAt { get; set; } = sentAt;

        /// <summary>When it is to be sent again.</summary>
        public long DueAt { get; set; }
    }
}
